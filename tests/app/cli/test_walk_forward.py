"""`dreamscape walk-forward`, in real children, on generated candles."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.paths import Home
from services.trading.learning.trials import TrialLedger

GRID = ("--grid", "macd.fast=8,12", "macd.slow=20,26")


@pytest.fixture
def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    strategy = tmp_path / "s.yaml"
    default = Path(__file__).parents[3] / "strategies" / "trading" / "macd-eth-btc.yaml"
    strategy.write_text(default.read_text().replace("data: ETH-BTC_5m_*.parquet", "data: generated"))

    def run(*words: str, json_too: bool = True) -> tuple[int, Any, str]:
        given = ["--home", str(tmp_path / "home"), *(["--json"] if json_too else [])]
        code = main([*given, "walk-forward", str(strategy), *words])
        out, err = capsys.readouterr()
        return code, json.loads(out) if json_too and out else out, err

    return run


def test_it_tells_each_window_the_whole_and_counts_every_combination_once(walk: Any, tmp_path: Path) -> None:
    code, told, _ = walk(*GRID, "--windows", "2")
    assert code == 0
    assert [set(window["parameters"]) for window in told["windows"]] == [{"macd.fast", "macd.slow"}] * 2
    assert told["embargo_bars"] == 26
    assert told["windows"][0]["test"]["first"] == told["out_of_sample"]["equity"][0]["time"]
    assert 0 <= told["out_of_sample"]["deflated_sharpe"] <= 1
    assert told["trials"]["counted"] == 4
    code, text, _ = walk(*GRID, "--windows", "2", "--anchored", json_too=False)
    assert (code, "2 anchored windows" in text, "Tried so far on ETH/BTC: 4 combinations" in text) == (0, True, True)
    assert TrialLedger(Home(tmp_path / "home").trials).counted("ETH/BTC", "macd_cross").count == 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--grid", "macd.fsat=8,12"), "macd.fsat"),
        (("--grid", "a=1..1000", "b=1..1000", "c=1..1000"), "1,000,000,000 combinations"),
        ((*GRID, "--by", "luck"), "nothing is chosen by 'luck'"),
        ((*GRID, "--windows", "5000"), "do not make 5,000 windows"),
        ((*GRID, "--windows", "1000"), "a training has"),
        (("--grid", "macd.slow=9000"), "5,760 bars do not make 6 windows with an embargo of 9,000"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_counts_nothing(
    walk: Any, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    code, _, err = walk(*words)
    assert code == 2
    assert told in err
    assert err.count("\n") == 1
    assert not Home(tmp_path / "home").trials.exists()
