"""`dreamscape backtest`, on generated candles and on files."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from services.trading.candles import Candle
from services.trading.generated import generate
from tests.support.candles import BAR, recorded_folder
from tests.support.strategies import strategy_text


def save(path: Path, candles: tuple[Candle, ...]) -> Path:
    rows = [f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}" for c in candles]
    path.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    return path


@pytest.fixture
def backtest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object, json_too: bool = True) -> tuple[int, Any, str]:
        given = ["--home", str(tmp_path / "home"), *(["--json"] if json_too else []), "backtest", *map(str, words)]
        try:
            code = main(given)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, json.loads(out) if json_too and out else out, err

    return run


@pytest.fixture
def candles(tmp_path: Path) -> Path:
    return save(tmp_path / "c.csv", generate(BAR, 1e-8, 400))


def test_it_tells_the_figures_the_fills_and_what_they_rest_on(backtest: Any, candles: Path) -> None:
    code, told, _ = backtest("macd-eth-btc", "--data", candles)
    assert code == 0
    assert {"final_equity", "total_return", "max_drawdown", "sharpe", "trades", "fills"} <= set(told)
    assert (told["data"], told["bars"], told["gaps"]["count"]) == ("recorded: c.csv", 400, 0)
    assert (told["conventions"]["fill"], told["conventions"]["slippage.ticks"]) == ("next_open", 1)
    assert told["undefined"]["cagr"].endswith("days, fewer than 30")
    first = told["fills"][0]
    assert (first["side"], first["because"], first["evidence"]["macd_cross"]) == ("buy", "signal", 1)


def test_a_person_reads_it_with_the_reason_of_each_gap(backtest: Any, candles: Path) -> None:
    code, text, _ = backtest("macd-eth-btc", "--data", candles, json_too=False)
    assert code == 0
    assert "CAGR           none (the bars span" in text
    assert "On these terms: market.symbol ETH/BTC, fill next_open" in text
    assert "BTC of 1" in text


def test_a_file_of_ones_own_is_run_as_it_stands(backtest: Any, tmp_path: Path, candles: Path) -> None:
    terms = {"curl": {"kind": "macd_curl"}}
    changes = {"macd": None, "entry": None, "exit": -0.5, "enter": 0.3, "terms": terms, "stop": {"percent": 1.0}}
    (tmp_path / "mine.yaml").write_text(strategy_text(**changes))
    code, told, _ = backtest(tmp_path / "mine.yaml", "--data", candles)
    assert code == 0
    assert told["conventions"]["stop.percent"] == 1
    assert all(set(fill["evidence"]) in (set(), {"bar", "score", "curl"}) for fill in told["fills"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("macd-eth", "--data", "c.csv"), "there is no strategy called macd-eth. Did you mean 'macd-eth-btc'?"),
        (("macd-eth-btc", "--data", "none.csv"), "none.csv: there is no such file"),
        (("macd-eth-btc", "--bars", "1m"), "--bars makes bars of a file of trades. Name the file with --data."),
        (("none.yaml", "--data", "c.csv"), "none.yaml: cannot be read"),
    ],
)
def test_wrong_input_is_told_in_one_line_and_ends_with_2(backtest: Any, words: tuple[str, ...], told: str) -> None:
    code, out, err = backtest(*words)
    assert code == 2
    assert told in err + str(out)


def test_candles_that_cannot_be_are_refused_by_row(backtest: Any, tmp_path: Path) -> None:
    path = save(tmp_path / "bad.csv", generate(BAR, 1e-8, 50))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:10], lines[9], *lines[10:]]))
    code, out, err = backtest("macd-eth-btc", "--data", path)
    assert code == 2
    assert "row 10" in err + str(out)


@pytest.mark.parametrize("pattern", ["ETH-BTC_5m", "BTC-PERP_1m", "UNITTEST-BTC_1m", "XRP-ETH_1m", "XRP-ETH_trades"])
def test_every_recorded_file_can_be_gone_through(backtest: Any, tmp_path: Path, pattern: str) -> None:
    path = next(recorded_folder().glob(f"{pattern}_*.parquet"))
    bars = "5m" if "5m" in pattern else "1m"
    (tmp_path / "mine.yaml").write_text(strategy_text(timeframe=bars))
    words = (tmp_path / "mine.yaml", "--data", path, *(("--bars", "1m") if "trades" in pattern else ()))
    code, told, _ = backtest(*words)
    assert code == 0
    assert told["bars"] > 2000
    assert (told["gaps"]["count"] > 0) is (pattern[0] in "UX")


def test_a_strategy_that_asks_for_more_history_than_there_is_is_refused(backtest: Any, tmp_path: Path) -> None:
    few = save(tmp_path / "few.csv", generate(BAR, 1e-8, 34))
    code, _, err = backtest("macd-eth-btc", "--data", few)
    assert code == 2
    assert err.startswith("recorded: few.csv: macd-eth-btc asks for more history than there is: macd_cross speaks from")
    assert "bar 35 on, and there are 34. Give more bars" in err
    assert backtest("macd-eth-btc", "--data", save(tmp_path / "enough.csv", generate(BAR, 1e-8, 36)))[0] == 0
