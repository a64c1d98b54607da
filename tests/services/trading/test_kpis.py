"""The trading numbers, folded from what processes told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from services.core.events import Event, Recorded
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.fills import Side
from services.trading.kpis import BotKpis, TradingKpis
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from tests.support.host import MemoryHost
from tests.support.strategies import DEFAULT

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def events_of_a_run(folder: Path) -> list[Event]:
    host = MemoryHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")}, end_after=700)
    host.run(ReplayTrader(str(DEFAULT), speed=0), "bot")
    return host.events


def folded(events: list[Event], source: str = "bot") -> TradingKpis:
    kpis = TradingKpis()
    for seq, event in enumerate(events, 1):
        kpis.fold(Recorded(seq, NOON, source, event))
    return kpis


def test_a_bot_that_began_stands_at_its_capital_under_its_label(tmp_path: Path) -> None:
    (bot,) = folded(events_of_a_run(tmp_path)[:1]).value()
    assert bot == BotKpis("bot", "macd-eth-btc", "ETH/BTC", "generated", 1, equity=1.0, began=NOON)


def test_fills_move_equity_trades_and_price(tmp_path: Path) -> None:
    events = events_of_a_run(tmp_path)
    (bot,) = folded(events).value()
    fills = [event for event in events if isinstance(event, Filled)]
    last = fills[-1]
    assert (bot.equity, bot.pnl_percent, bot.trades, bot.last_price) == (
        last.equity,
        last.pnl_percent,
        last.trades,
        last.price,
    )
    assert bot.fills == len(fills)
    assert not bot.ended


def test_an_ended_session_is_marked_at_its_last_price(tmp_path: Path) -> None:
    ended = SessionEnded(1, "every candle was taken", 9, 1.5, 50.0, 3, 6, 0.01, 7.0)
    (bot,) = folded([*events_of_a_run(tmp_path), ended]).value()
    assert (bot.equity, bot.pnl_percent, bot.trades, bot.fills, bot.last_price) == (1.5, 50.0, 3, 6, 7.0)
    assert bot.ended


def test_bots_are_kept_apart_and_other_events_change_nothing(tmp_path: Path) -> None:
    events = events_of_a_run(tmp_path)
    kpis = folded(events, "b")
    before = kpis.value()
    kpis.fold(Recorded(99, NOON, "b", OrderDeclined(1, "ETH/BTC", Side.BUY, NOON, "too small")))
    kpis.fold(Recorded(100, NOON, "unheard of", events[1]))
    assert kpis.value() == before
    kpis.fold(Recorded(101, NOON, "a", events[0]))
    assert [bot.bot for bot in kpis.value()] == ["a", "b"]
    assert isinstance(events[0], SessionStarted)


def test_when_sessions_began_anew_is_remembered_for_a_day(tmp_path: Path) -> None:
    kpis, started = TradingKpis(), events_of_a_run(tmp_path)[0]
    begins = [NOON + timedelta(hours=hours) for hours in (0, 1, 2, 26)]
    for seq, at in enumerate(begins, 1):
        kpis.fold(Recorded(seq, at, "bot", started))
        assert begins[0] not in kpis.value()[0].anew, "the first session began, but not anew"
    assert kpis.value()[0].anew == (begins[3],)
    kpis.fold(Recorded(5, begins[3], "bot", started))
    assert kpis.value()[0].anew == (begins[3], begins[3])


def test_a_snapshot_from_before_beginnings_were_remembered_is_read(tmp_path: Path) -> None:
    kpis, restored = folded(events_of_a_run(tmp_path)), TradingKpis()
    known = msgspec.json.decode(kpis.freeze())
    assert known["bot"].pop("anew") == []
    restored.thaw(msgspec.json.encode(known))
    assert restored.value() == kpis.value()
    assert TradingKpis.version == 2, "else it is not even tried"


def test_a_snapshot_brings_the_same_value_back(tmp_path: Path) -> None:
    kpis, restored = folded(events_of_a_run(tmp_path)), TradingKpis()
    restored.thaw(kpis.freeze())
    assert restored.value() == kpis.value()
