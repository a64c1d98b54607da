"""`dreamscape walk-forward`, in real children, on generated candles."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli.main import main
from app.paths import Home
from services.trading.generated import generate
from services.trading.learning.trials import TrialLedger
from tests.support.candles import BAR
from tests.support.strategies import strategy_text

GRID = ("--grid", "macd.fast=8,12", "macd.slow=20,26")


@pytest.fixture
def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    candles = tmp_path / "c.csv"
    (tmp_path / "s.yaml").write_text(strategy_text())
    rows = [
        f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}"
        for c in generate(BAR, 1e-8, 600)
    ]
    candles.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))

    def run(*words: str, json_too: bool = True, strategy: object = tmp_path / "s.yaml") -> tuple[int, Any, str]:
        given = ["--home", str(tmp_path / "home"), *(["--json"] if json_too else [])]
        code = main([*given, "walk-forward", str(strategy), "--data", str(candles), *words])
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
        ((*GRID, "--windows", "60"), "a training has"),
        (("--grid", "macd.slow=9000"), "600 bars do not make 6 windows with an embargo of 9,000"),
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


def test_what_it_chose_becomes_a_process_in_the_strategys_shadow(walk: Any, tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    code, _, err = walk("--grid", "macd.fast=5,8", "--windows", "2", "--shadow", "beside")
    assert (code, "it is none of your strategies" in err) == (2, True)
    own = home.strategies / "trading" / "s.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "s.yaml").rename(own)
    code, told, _ = walk("--grid", "macd.fast=5,8", "--windows", "2", "--shadow", "beside", strategy="s")
    assert code == 0
    written = yaml.safe_load((home.processes / "beside.yaml").read_text())
    assert written["kind"] == "trading.shadow"
    assert written["with"]["challenger"] == told["challenger"]
    assert (written["with"]["windows"], written["with"]["until"]) == (2, told["last"])
    assert written["with"]["shape"] == told["out_of_sample"]["shape"]
    code, _, err = walk("--grid", "macd.fast=12", "--windows", "2", "--shadow", "again", strategy="s")
    assert (code, "it chose what the strategy has already" in err) == (2, True)
