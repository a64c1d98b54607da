"""`dreamscape sweep`, by real workers, on generated candles and on files."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from services.trading.backtest.run import Backtest
from services.trading.candles import read_bars
from services.trading.generated import generate
from services.trading.sweep import sweep as sweeping
from tests.support.candles import BAR, recorded_folder, save_candles
from tests.support.strategies import strategy_text, strategy_with

KERNEL = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")


@pytest.fixture
def home(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that shares with other tests what is compiled: to compile takes longest."""
    (tmp_path / "home").mkdir()
    kept = tmp_path_factory.getbasetemp().parent / "compiled"
    kept.mkdir(exist_ok=True)
    (tmp_path / "home" / "compiled").symlink_to(kept)
    return tmp_path / "home"


@pytest.fixture
def sweep(home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object, json_too: bool = True) -> tuple[int, Any, str]:
        given = ["--home", str(home), *(["--json"] if json_too else []), "sweep", *map(str, words)]
        try:
            code = main(given)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, json.loads(out) if json_too and out else out, err

    return run


@pytest.fixture
def candles(tmp_path: Path) -> Path:
    return save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 400))


GRID = ("macd.fast=6,12,30", "macd.slow=20:26:6", "stop.percent=1,2")


@KERNEL
def test_it_finds_for_each_combination_what_a_backtest_finds(sweep: Any, candles: Path) -> None:
    code, told, _ = sweep("macd-eth-btc", "--data", candles, "--workers", 2, "--best", 0, "--grid", *GRID)
    assert code == 0
    assert (told["combinations"], told["trials"], told["engine"]) == (12, 8, "kernel")
    assert sum(told["left_out"].values()) == 4
    assert any("must be more bars than fast (30)" in why for why in told["left_out"])
    for result in told["results"]:
        values = result["parameters"]
        macd = {"fast": values["macd.fast"], "slow": values["macd.slow"]}
        strategy = strategy_with(macd=macd, stop={"percent": float(values["stop.percent"])})
        statistics = Backtest(strategy).run(read_bars(candles), "c").statistics()
        assert (result["trades"], result["final_equity"]) == (statistics.trades, statistics.final_equity)
        assert result["sharpe"] == pytest.approx(statistics.sharpe.value, rel=1e-9)
    sharpes = [result["sharpe"] for result in told["results"]]
    assert sharpes == sorted(sharpes, reverse=True)
    assert "numba" not in sys.modules


def test_what_the_kernel_has_not_learnt_runs_one_backtest_after_the_other_and_says_so(
    sweep: Any, candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "unfit", lambda strategy: ("cool_down",))
    words = "macd-eth-btc", "--data", candles, "--workers", 1, "--grid", "cool_down=0,3"
    code, told, _ = sweep(*words)
    assert (code, told["engine"], told["not_compiled"], told["trials"]) == (0, "incremental", ["cool_down"], 2)
    code, text, _ = sweep(*words, json_too=False)
    assert "Not compiled, for the kernel does not run cool_down: one backtest after the other" in text
    assert "2 combinations x 400 bars; about a second on 1 worker" in text
    assert "2 trials. The best of many looks good by chance" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("macd-eth-btc", "--data", "c.csv"), "the following arguments are required: --grid"),
        (("macd-eth", "--data", "c.csv", "--grid", "stop.percent=1"), "there is no strategy called macd-eth"),
        (("macd-eth-btc", "--data", "none.csv", "--grid", "stop.percent=1"), "none.csv: there is no such file"),
        (("macd-eth-btc", "--data", "c.csv", "--grid", "stop.percent"), "names no key with its values"),
        (
            ("macd-eth-btc", "--grid", "macd.fast=1:1000", "macd.slow=2:1001", "macd.signal=1:1000"),
            "1,000 x 1,000 x 1,000 are 1,000,000,000 combinations, and 1,000,000 are the most",
        ),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--by", "luck"), "there is no figure called luck"),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--workers", "-1"), "-1 is no number of workers"),
        (("macd-eth-btc", "--grid", "stop.percent=200"), "no combination makes a strategy: stop.percent"),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--engine", "dask"), "no scheduler is named"),
    ],
)
def test_wrong_input_is_told_in_one_line_and_ends_with_2(sweep: Any, words: tuple[str, ...], told: str) -> None:
    code, out, err = sweep(*words)
    assert code == 2
    assert told in err + str(out)
    assert len(err.splitlines()) == 1


@KERNEL
@pytest.mark.parametrize("pattern", ["ETH-BTC_5m", "UNITTEST-BTC_1m"])
def test_a_recorded_file_is_swept_with_its_gaps(sweep: Any, tmp_path: Path, pattern: str) -> None:
    path = next(recorded_folder().glob(f"{pattern}_*.parquet"))
    (tmp_path / "mine.yaml").write_text(strategy_text(timeframe="5m" if "5m" in pattern else "1m"))
    words = (tmp_path / "mine.yaml", "--data", path, "--workers", 1, "--grid", "macd.fast=6,12", "target.percent=1")
    code, told, _ = sweep(*words)
    assert (code, told["trials"]) == (0, 2)
    assert all(result["trades"] > 20 for result in told["results"])
