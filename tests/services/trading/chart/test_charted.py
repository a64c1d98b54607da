"""What a chart is told of a strategy is what decides."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.errors import UserError
from services.core.events import Event, Recorded
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.chart.charted import Charted
from services.trading.chart.marked import equity_of, marked, underwater
from services.trading.chart.reading import charted, read_charted
from services.trading.feed import Feed, open_feed
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from services.trading.tape import BotTape, TradingTapes
from tests.support.host import MemoryHost
from tests.support.strategies import strategy_text, strategy_with

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TERMS = {
    "curl": {"kind": "macd_curl", "weight": 2, "required": True},
    "volume": {"kind": "volume"},
    "momentum": {"kind": "momentum", "window": 50},
}
CHANGES = {"data": "generated", "macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "stop": None}
BARS = 900


@pytest.fixture(scope="module")
def feed() -> Feed:
    whole = open_feed(strategy_with(**CHANGES), None)
    return Feed(whole.label, whole.candles[:BARS])


@pytest.fixture(scope="module")
def chart(feed) -> Charted:
    return charted(strategy_with(**CHANGES), feed)


@pytest.fixture(scope="module")
def traded(tmp_path_factory) -> tuple[Path, BotTape, int]:
    """A bot that has really traded on the default strategy with a stop, the file of it, and how many bars it took."""
    folder = tmp_path_factory.mktemp("traded")
    path = folder / "trader.yaml"
    path.write_text(strategy_text(data="generated", stop={"percent": 0.6}), encoding="utf-8")
    host = MemoryHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")}, end_after=BARS)
    host.run(ReplayTrader(str(path), speed=0), "bot")
    tapes = TradingTapes()
    for seq, event in enumerate([*host.events[:1], *_decided(host), *host.events[1:]], 1):
        tapes.take(Recorded(seq, NOON, "bot", event))
    assert host.position is not None
    return path, tapes.value()[0], host.position["index"]


def _decided(host: MemoryHost) -> Iterator[Event]:
    """What the ledger says of the orders."""
    for order in host.acts:
        assert isinstance(order, PlaceOrder)
        because = {"rule": f"{order.by} at {order.quote:g}"} if order.by else {"bar": order.candle.isoformat()}
        identity, done = order.client_id[:12], {"client_id": order.client_id}
        yield DecisionTaken(identity, order.type_name, order.what, "bot", "bot", because, Verdict.INTENDED, False, {})
        yield DecisionChanged(identity, Verdict.DONE, "bot", "", done)


def test_the_terms_are_those_that_decided_bit_by_bit(feed, chart):
    bars = Bars.of(feed.candles)
    result = Backtest(strategy_with(**CHANGES)).run(bars, feed.label)
    known = [evidence for evidence in result.evidence if evidence]
    assert len(known) > 3
    places = {bars.candle(place).time.isoformat(): place for place in range(len(bars))}
    for evidence in known:
        bar = places[str(evidence["bar"])]
        assert chart.score[bar] == evidence["score"]
        for term in chart.terms:
            assert term.values[bar] == evidence[term.name]


def test_a_chart_of_fewer_bars_is_the_beginning_of_the_whole(feed, chart):
    short = charted(strategy_with(**CHANGES), Feed(feed.label, feed.candles[:300]))
    cut = chart.until(300)
    assert cut.count == 300
    assert cut.bars == short.bars
    for one, other in zip(cut.terms, short.terms, strict=True):
        assert one.values.tobytes() == other.values.tobytes()
    assert cut.score.tobytes() == short.score.tobytes()
    assert cut.histogram is not None
    assert cut.histogram == short.histogram


def test_before_every_term_is_warm_there_is_no_score(chart):
    assert math.isnan(chart.score[0])
    assert not math.isnan(chart.score[-1])


def test_the_words_of_the_file_are_told(chart):
    assert (chart.conduct.enter, chart.conduct.exit, chart.conduct.stop) == (0.3, -0.1, None)
    assert next((term.name, term.weight, term.required) for term in chart.terms) == ("curl", 2.0, True)
    assert chart.histogram is not None
    assert chart.histogram.spans == (12, 26, 9)


def test_the_candles_of_a_session_are_read_by_its_version(traded):
    path, tape, _bars = traded
    read = read_charted(path, None, None, tape.version)
    assert read.label == "generated"
    assert read.count == tape.candles


def test_candles_that_are_others_by_now_are_refused(traded):
    path, *_rest = traded
    with pytest.raises(UserError, match="have changed since this session began"):
        read_charted(path, None, None, "0" * 16)
    with pytest.raises(UserError, match="have changed since"):
        read_charted(path, None, 2.0, traded[1].version)


def test_a_file_that_is_gone_is_told(tmp_path: Path):
    with pytest.raises(UserError):
        read_charted(tmp_path / "none.yaml", None, None, "")


def test_equity_on_the_chart_is_that_of_a_backtest_on_every_bar(traded):
    path, tape, bars = traded
    known = read_charted(path, None, None, tape.version).until(bars)
    strategy = strategy_with(data="generated", stop={"percent": 0.6})
    feed = open_feed(strategy, None)
    result = Backtest(strategy).run(Bars.of(feed.candles[:bars]), feed.label)
    told = equity_of(known, tape.of_session, tape.capital)
    assert len(tape.of_session) > 6
    assert list(told) == pytest.approx(list(result.curve.equity), abs=1e-12)


def test_fills_stand_on_the_bars_that_filled_them(traded):
    path, tape, bars = traded
    known = read_charted(path, None, None, tape.version).until(bars)
    strategy = strategy_with(data="generated", stop={"percent": 0.6})
    feed = open_feed(strategy, None)
    result = Backtest(strategy).run(Bars.of(feed.candles[:bars]), feed.label)
    fills = marked(known, tape.of_session)
    assert any(fill.because == "stop" for fill in result.fills)
    assert [(fill.bar, fill.entry) for fill in fills] == [(fill.bar, fill.side == "buy") for fill in result.fills]


def test_underwater_is_the_fall_from_the_peak_of_which_the_capital_is_one():
    assert list(underwater([90.0, 120.0, 60.0], 100.0)) == pytest.approx([-0.1, 0.0, -0.5])
