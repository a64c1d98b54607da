"""`dreamscape backtest`, on generated candles and on files."""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.cli.main import main
from services.core.journal import Journal
from services.core.store import open_store
from services.trading.generated import generate
from services.trading.social.events import PostHeard
from tests.support.candles import BAR, recorded_folder, save_candles
from tests.support.manual_clock import ManualClock
from tests.support.posts import chatter, save_posts
from tests.support.strategies import strategy_text


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
    return save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 400))


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


def test_a_strategy_is_known_by_the_name_that_it_gives_itself(backtest: Any, tmp_path: Path, candles: Path) -> None:
    own = tmp_path / "home" / "strategies" / "trading" / "slow.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(strategy_text(name="tides"))
    code, told, _ = backtest("tides", "--data", candles)
    assert (code, told["strategy"]) == (0, "tides")


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
    path = save_candles(tmp_path / "bad.csv", generate(BAR, 1e-8, 50))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:10], lines[9], *lines[10:]]))
    code, out, err = backtest("macd-eth-btc", "--data", path)
    assert code == 2
    assert "row 10" in err + str(out)


RECORDED = {
    "ETH-BTC_5m": (5760, (0, 0)),
    "BTC-PERP_1m": (45_031, (0, 0)),
    "UNITTEST-BTC_1m": (13_681, (538, 717)),
    "XRP-ETH_1m": (2469, (676, 1091)),
    "XRP-ETH_trades": (2469, (676, 1091)),
}
"""Of each file its bars, its gaps, and how many bars lack in them."""


@pytest.mark.parametrize("pattern", RECORDED)
def test_every_recorded_file_can_be_gone_through(backtest: Any, tmp_path: Path, pattern: str) -> None:
    path = next(recorded_folder().glob(f"{pattern}_*.parquet"))
    capital = 1e8 if "PERP" in pattern else 1.0  # its prices are dollars, the others are of a coin
    (tmp_path / "mine.yaml").write_text(strategy_text(timeframe="5m" if "5m" in pattern else "1m", capital=capital))
    words = (tmp_path / "mine.yaml", "--data", path, *(("--bars", "1m") if "trades" in pattern else ()))
    code, told, _ = backtest(*words)
    assert code == 0
    assert (told["bars"], (told["gaps"]["count"], told["gaps"]["missing"])) == RECORDED[pattern]
    assert told["trades"] > 20
    assert told["final_equity"] != told["capital"]


def test_the_recorded_trades_make_the_backtest_of_the_recorded_bars(backtest: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(strategy_text(timeframe="1m"))
    trades, bars = (recorded_folder() / f"XRP-ETH_{kind}_2019-10.parquet" for kind in ("trades", "1m"))
    _, of_trades, _ = backtest(tmp_path / "mine.yaml", "--data", trades, "--bars", "1m")
    _, of_bars, _ = backtest(tmp_path / "mine.yaml", "--data", bars)
    assert of_trades.pop("data") != of_bars.pop("data")
    assert of_trades.pop("version") != of_bars.pop("version"), "it names its data"
    assert of_trades == of_bars
    assert len(of_bars["fills"]) > 20


TERMS = {
    "trend": {"kind": "momentum", "bars": 12},
    "level": {"kind": "sentiment", "window": 6, "full": 0.5},
    "crowd": {"kind": "post_volume", "window": 24, "weight": 0.5},
}
LISTENS = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}


@pytest.fixture
def listening(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A strategy with terms of posts, candles, and the posts of their time."""
    bars = generate(BAR, 1e-8, 400)
    posts = save_posts(tmp_path / "posts.jsonl", chatter(bars, Random(3)))
    (tmp_path / "mine.yaml").write_text(strategy_text(**LISTENS))
    return tmp_path / "mine.yaml", save_candles(tmp_path / "c.csv", bars), posts


def test_posts_of_a_file_are_listened_to_and_told(backtest: Any, listening: tuple[Path, Path, Path]) -> None:
    strategy, candles, posts = listening
    code, told, _ = backtest(strategy, "--data", candles, "--posts", posts)
    assert code == 0
    assert told["posts"] == {"source": "recorded: posts.jsonl", "heard": len(posts.read_text().splitlines())}
    assert (told["conventions"]["posts.match"], told["conventions"]["posts.dead_after"]) == ("ETH", "1h")
    assert {"level", "crowd", "trend", "heard"} <= set(told["fills"][0]["evidence"])


def test_posts_are_those_that_this_home_recorded_where_none_are_named(
    backtest: Any, tmp_path: Path, listening: tuple[Path, Path, Path]
) -> None:
    strategy, candles, _ = listening
    code, _, err = backtest(strategy, "--data", candles)
    assert code == 2
    assert "its terms listen to posts, and this home has recorded none. Name a file with --posts FILE." in err
    (tmp_path / "home").mkdir(exist_ok=True)
    store = open_store(tmp_path / "home" / "dreamscape.db", tmp_path / "home" / "backups", ManualClock().now)
    journal = Journal(store, ManualClock())
    journal.start()
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    journal.append(PostHeard("net", "ann", "1", "ETH up", moment, moment), source="feed").result()
    journal.close()
    store.close()
    code, told, _ = backtest(strategy, "--data", candles)
    assert code == 0
    assert told["posts"] == {"source": "recorded: this home's journal", "heard": 0}, "it came after the last bar"
    assert "none of them came between the first open and the last, and its terms of posts are idle" in told["notes"][0]


def test_what_posts_earn_is_told_with_how_sure_that_is(backtest: Any, listening: tuple[Path, Path, Path]) -> None:
    strategy, candles, posts = listening
    words = (strategy, "--data", candles, "--posts", posts, "--compare-sentiment")
    code, told, _ = backtest(*words)
    assert code == 0
    compared = told["sentiment"]
    assert compared["low"] < compared["mean"] < compared["high"]
    assert compared["verdict"] in {"earns", "costs", "noise"}
    assert compared["without"]["final_equity"] != told["final_equity"]
    _, text, _ = backtest(*words, json_too=False)
    assert "Mean difference a bar: " in text
    assert "stationary block bootstrap" in text


def test_bad_posts_and_posts_that_nobody_listens_to_are_refused(
    backtest: Any, listening: tuple[Path, Path, Path]
) -> None:
    strategy, candles, posts = listening
    posts.write_text("{}\nno\n")
    code, _, err = backtest(strategy, "--data", candles, "--posts", posts)
    assert code == 2
    assert "posts.jsonl:1:1: received_at is missing" in err
    assert "posts.jsonl:2:1: this is no JSON" in err
    code, _, err = backtest("macd-eth-btc", "--data", candles, "--compare-sentiment")
    assert code == 2
    assert "macd-eth-btc: no term of it listens to posts" in err


def test_a_strategy_that_asks_for_more_history_than_there_is_is_refused(backtest: Any, tmp_path: Path) -> None:
    few = save_candles(tmp_path / "few.csv", generate(BAR, 1e-8, 34))
    code, _, err = backtest("macd-eth-btc", "--data", few)
    assert code == 2
    assert err.startswith("recorded: few.csv: macd-eth-btc asks for more history than there is: macd_cross speaks from")
    assert "bar 35 on, and there are 34. Give more bars" in err
    assert backtest("macd-eth-btc", "--data", save_candles(tmp_path / "enough.csv", generate(BAR, 1e-8, 36)))[0] == 0
