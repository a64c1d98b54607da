"""`dreamscape sweep`, by real workers, on generated candles and on files."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.cli.main import main
from app.paths import Home
from services.core.clock import SystemClock
from services.orchestrator.definitions.plugin_files import digest
from services.trading.backtest.run import Backtest
from services.trading.candles import read_bars
from services.trading.generated import generate
from services.trading.plugins.series import PluginTerms
from services.trading.social.reading import read_posts
from services.trading.sweep import sweep as sweeping
from tests.support.approvals import approve
from tests.support.candles import BAR, recorded_folder, save_candles
from tests.support.posts import chatter, post, save_posts
from tests.support.strategies import strategy_text, strategy_with

KERNEL = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")


@pytest.fixture
def sweep(sweeping_home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object, json_too: bool = True) -> tuple[int, Any, str]:
        given = ["--home", str(sweeping_home), *(["--json"] if json_too else []), "sweep", *map(str, words)]
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


TERMS = {
    "trend": {"kind": "momentum", "bars": 12},
    "level": {"kind": "sentiment", "window": 6, "full": 0.5},
    "crowd": {"kind": "post_volume", "window": 24, "weight": 0.5},
}
LISTENS: dict[str, Any] = {
    "macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True,
}  # fmt: skip
ASKS: dict[str, Any] = LISTENS | {"terms": {"mine": {"kind": "plugin", "file": "mine.py", "looks_back": 10}}}
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
    assert "2 combinations x 400 bars; about 4 s on 1 worker" in text
    assert "2 trials. The best of many looks good by chance" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("macd-eth-btc", "--data", "c.csv"), "the following arguments are required: --grid"),
        (
            ("macd-eth-btc", "--grid", "a=1", "--nope"),
            "Write dreamscape sweep STRATEGY [--data FILE] [--posts FILE] [--bars TIME] --grid",
        ),
        (
            ("macd-eth", "--data", "c.csv", "--grid", "stop.percent=1"),
            "sweep: there is no strategy called macd-eth. Did you",
        ),
        (("macd-eth-btc", "--data", "none.csv", "--grid", "stop.percent=1"), "none.csv: there is no such file"),
        (("macd-eth-btc", "--data", "c.csv", "--grid", "stop.percent"), "names no key with its values"),
        (
            ("macd-eth-btc", "--grid", "macd.fast=1:1000", "macd.slow=2:1001", "macd.signal=1:1000"),
            "1,000 x 1,000 x 1,000 are 1,000,000,000 combinations, and 1,000,000 are the most",
        ),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--by", "luck"), "there is no figure called luck"),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--workers", "-1"), "-1 is no number of workers"),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--workers", "0"), "0 is no number of workers. Give 1 or more"),
        (("macd-eth-btc", "--grid", "stop.percent=200"), "stop.percent is 200, and should be less than 100"),
        (("macd-eth-btc", "--grid", "macd.fast=1.5"), "macd.fast is 1.5, and should be a whole number"),
        (("macd-eth-btc", "--grid", "macd.fsat=6"), "macd.fsat is no number of the strategy. Did you mean macd.fast?"),
        (("macd-eth-btc", "--grid", "macd.fast=1:1000000000"), "are 1,000,000,000 values, and 1,000,000 are the most"),
        (("macd-eth-btc", "--grid", "macd.fast=6", "--bars", "1m"), "sweep: --bars makes bars of a file of trades"),
        (("macd-eth-btc", "--grid", "macd.fast=6", "--posts", "p.jsonl"), "no term of it listens to posts"),
        (("macd-eth-btc", "--grid", "stop.percent=1", "--engine", "dask"), "no scheduler is named"),
    ],
)
def test_wrong_input_is_told_in_one_line_and_ends_with_2(sweep: Any, words: tuple[str, ...], told: str) -> None:
    code, out, err = sweep(*words)
    assert code == 2
    assert told in err + str(out)
    assert len(err.splitlines()) == 1


@KERNEL
@pytest.mark.parametrize("pattern", ["ETH-BTC_5m", "BTC-PERP_1m", "UNITTEST-BTC_1m", "XRP-ETH_1m", "XRP-ETH_trades"])
def test_a_recorded_file_is_swept_with_its_gaps(sweep: Any, tmp_path: Path, pattern: str) -> None:
    path = next(recorded_folder().glob(f"{pattern}_*.parquet"))
    capital = 1e8 if "PERP" in pattern else 1.0  # its prices are dollars, the others are of a coin
    (tmp_path / "mine.yaml").write_text(strategy_text(timeframe="5m" if "5m" in pattern else "1m", capital=capital))
    words = (tmp_path / "mine.yaml", "--data", path, *(("--bars", "1m") if "trades" in pattern else ()))
    words += ("--workers", 1, "--grid", "macd.fast=6,12", "target.percent=1")
    code, told, _ = sweep(*words)
    assert (code, told["trials"]) == (0, 2)
    assert told["bars"] > 2000
    assert all(result["trades"] > 20 for result in told["results"])


@pytest.fixture
def listening(tmp_path: Path) -> tuple[Path, Path]:
    """A strategy with terms of posts, and the posts of the candles' time."""
    (tmp_path / "mine.yaml").write_text(strategy_text(**LISTENS))
    return tmp_path / "mine.yaml", save_posts(tmp_path / "p.jsonl", chatter(generate(BAR, 1e-8, 400), Random(3)))


@KERNEL
def test_a_strategy_that_listens_is_swept_over_the_posts_that_a_backtest_hears(
    sweep: Any, candles: Path, listening: tuple[Path, Path]
) -> None:
    strategy, posts = listening
    words = (strategy, "--data", candles, "--posts", posts, "--workers", 2, "--best", 0, "--grid")
    code, told, _ = sweep(*words, "terms.level.window=3,6", "terms.crowd.window=12,24", "terms.level.weight=0.5,2")
    assert (code, told["trials"], told["engine"], told["posts"]) == (0, 8, "kernel", "recorded: p.jsonl")
    for result in told["results"]:
        chosen = {name: dict(term) for name, term in TERMS.items()}
        for key, value in result["parameters"].items():
            chosen[key.split(".")[1]][key.split(".")[2]] = float(value) if "weight" in key else value
        tested = Backtest(strategy_with(**LISTENS | {"terms": chosen}), read_posts(posts))
        statistics = tested.run(read_bars(candles), "c").statistics()
        assert (result["trades"], result["final_equity"]) == (statistics.trades, statistics.final_equity)
    assert len({result["final_equity"] for result in told["results"]}) > 5
    text = sweep(*words, "enter=0.3", json_too=False)[1]
    assert "Posts, recorded: p.jsonl" in text
    assert "Note: " not in text


def test_where_nobody_recorded_posts_such_a_sweep_says_so(
    sweep: Any, candles: Path, listening: tuple[Path, Path]
) -> None:
    code, _, err = sweep(listening[0], "--data", candles, "--grid", "enter=0.2,0.3")
    assert code == 2
    assert "its terms listen to posts, and this home has recorded none. Name a file with --posts FILE." in err


@KERNEL
def test_posts_of_another_time_are_told(sweep: Any, candles: Path, listening: tuple[Path, Path]) -> None:
    late = [post(5, "ETH to the moon")]  # of the year after
    words = (listening[0], "--data", candles, "--posts", save_posts(listening[1], late), "--workers", 1)
    told = sweep(*words, "--grid", "enter=0.3")[1]
    assert "none of them came between the first open and the last" in told["notes"][0]


@KERNEL
def test_a_plug_in_is_asked_once_and_its_term_swept(
    sweep: Any, sweeping_home: Path, tmp_path: Path, candles: Path
) -> None:
    (tmp_path / "asks.yaml").write_text(strategy_text(**ASKS))
    words = (tmp_path / "asks.yaml", "--data", candles, "--workers", 1, "--best", 0, "--grid", "enter=0.2,0.4,0.6")
    code, _, err = sweep(*words)
    assert (code, "mine.py: cannot be read" in err) == (2, True)
    approve(sweeping_home, "mine.py")
    code, told, _ = sweep(*words)
    assert (code, told["trials"], told["engine"]) == (0, 3, "kernel")
    assert len(list(Home(sweeping_home).terms.glob("*.series"))) == 1
    bars, file = read_bars(candles), tmp_path / "home" / "plugins"
    terms = PluginTerms(file, Home(sweeping_home).terms, lambda name: digest((file / name).read_bytes()), SystemClock())
    for result in told["results"]:
        strategy = strategy_with(**ASKS | {"enter": result["parameters"]["enter"]})
        statistics = Backtest(strategy, series=terms.series(strategy, bars)).run(bars, "c").statistics()
        assert (result["trades"], result["final_equity"]) == (statistics.trades, statistics.final_equity)
    assert max(result["trades"] for result in told["results"]) > 5


@KERNEL
def test_a_person_reads_shares_in_percent_as_everywhere(sweep: Any, candles: Path) -> None:
    words = ("macd-eth-btc", "--data", candles, "--workers", 1, "--grid", "macd.fast=6")
    figures = sweep(*words)[1]["results"][0]
    text = sweep(*words, json_too=False)[1]
    assert f"{100 * figures['total_return']:.2f} %" in text
    assert f"{100 * figures['max_drawdown']:.2f} %" in text


def test_the_numbers_that_a_grid_may_go_through_are_told_whole(sweep: Any) -> None:
    _, _, err = sweep("macd-eth-btc", "--grid", "name=1")
    for key in ("cool_down", "stop.percent", "macd.slow", "sizing.volatility.window", "execution.limit.offset.ticks"):
        assert f" {key}" in err


@pytest.mark.skipif(sys.platform == "win32", reason="there a console's children are told by other means")
def test_ctrl_c_ends_it_with_the_best_of_what_was_done_and_that_counts_as_tried(
    sweep: Any, sweeping_home: Path, candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def pressing(*_words: object) -> Iterator[Any]:
        """Ctrl-C comes as soon as something is done."""
        yield lambda done: signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)  # who starts tests in the background has it ignored
    monkeypatch.setattr(sweeping, "unfit", lambda strategy: ("cool_down",))
    monkeypatch.setattr("app.cli.sweep.watched", pressing)
    words = ("macd-eth-btc", "--data", candles, "--workers", 1, "--grid", "cool_down=0:9999")
    code, told, err = sweep(*words)
    assert (code, told["stopped"], told["combinations"], err) == (130, True, 10_000, "")
    assert told["trials"] == len(told["results"]) == told["tried_so_far"] == 1
    assert told["seconds"] > 0
    code, text, _ = sweep(*words, json_too=False)
    assert code == 130
    assert "Stopped after 1 of 10,000 combinations." in text
    assert signal.getsignal(signal.SIGINT) is before


def test_combinations_with_the_same_result_are_one_row(
    sweep: Any, candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "unfit", lambda strategy: ("cool_down",))
    words = ("macd-eth-btc", "--data", candles, "--workers", 1, "--grid", "cool_down=5000:5003")
    code, text, _ = sweep(*words, json_too=False)
    assert (code, text.count("+3 alike"), text.count("\n5000 ")) == (0, 1, 1)
    assert "\n5001 " not in text


PERPETUAL = strategy_text(market={"kind": "perpetual"}, cool_down=4)


@KERNEL
def test_on_what_the_money_of_every_combination_rests_is_told_once(sweep: Any, tmp_path: Path, candles: Path) -> None:
    (tmp_path / "future.yaml").write_text(PERPETUAL)
    words = (tmp_path / "future.yaml", "--data", candles, "--workers", 1, "--grid", "macd.fast=6,12", "stop.percent=1")
    told, unfunded = sweep(*words)[1], "funding not included: the candles have no column funding_rate"
    assert unfunded in told["notes"]
    whole = Backtest(strategy_with(market={"kind": "perpetual"}, cool_down=4, stop={"percent": 1.0}))
    conventions = whole.run(read_bars(candles), "c").conventions
    assert set(conventions) - set(told["conventions"]) == {"macd.fast", "stop.percent"}
    assert told["conventions"] == {key: value for key, value in conventions.items() if key in told["conventions"]}
    assert f"Note: {unfunded}" in sweep(*words, json_too=False)[1]
