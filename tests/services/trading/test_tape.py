"""The tape of each bot, folded from what it told and from the ledger's words of its orders."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Event, Recorded
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.fills import Side
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from services.trading.tape import KEPT, BotTape, TradingTapes
from tests.support.host import MemoryHost
from tests.support.strategies import DEFAULT

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WHY = {"bar": "2026-01-01T12:00:00+00:00", "score": 1.0, "macd_cross": 1.0}


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> list[Event]:
    folder = tmp_path_factory.mktemp("paper")
    host = MemoryHost({PlaceOrder: PlaceOnPaper(Path(folder) / "paper.db")}, end_after=700)
    host.run(ReplayTrader(str(DEFAULT), speed=0), "bot")
    return host.events


def folded(events: list[Event], tapes: TradingTapes | None = None) -> BotTape:
    tapes = tapes or TradingTapes()
    for seq, event in enumerate(events, 1):
        tapes.take(Recorded(seq, NOON, "bot", event))
    (tape,) = tapes.value()
    return tape


def taken(identity: str = "d1", kind: str = PlaceOrder.type_name) -> DecisionTaken:
    return DecisionTaken(identity, kind, "Buy 2", "process:bot", "bot", WHY, Verdict.INTENDED, False, {})


def settled(verdict: Verdict, client_id: str = "", identity: str = "d1") -> DecisionChanged:
    return DecisionChanged(identity, verdict, "process:bot", "", {"client_id": client_id} if client_id else {})


def test_every_fill_stands_on_the_tape_with_the_account_after_it(told):
    tape, fills = folded(told), [event for event in told if isinstance(event, Filled)]
    assert len(fills) > 4
    rows = [(row.side, row.price, row.cash, row.held) for row in tape.of_session]
    assert rows == [(fill.side, fill.price, fill.cash, fill.held) for fill in fills]
    assert tape.account is not None
    assert tape.account.equity == fills[-1].equity
    assert (tape.label, tape.market, tape.complete) == ("generated", "ETH/BTC", True)


def test_a_fill_says_why_its_order_was_placed(told):
    begun, *rest = told
    fill = next(event for event in rest if isinstance(event, Filled))
    tape = folded([begun, taken(), settled(Verdict.DONE, fill.client_id), fill])
    assert tape.open == ()
    assert tape.rows[0].because == WHY


def test_an_order_stands_open_until_it_is_told_what_came_of_it(told):
    tape = folded([told[0], taken()])
    assert [(order.what, order.unknown) for order in tape.open] == [("Buy 2", False)]
    unknown = folded([told[0], taken(), settled(Verdict.UNKNOWN)])
    assert [order.unknown for order in unknown.open] == [True]
    assert folded([told[0], taken(), settled(Verdict.NOT_DONE)]).open == ()


def test_decisions_of_other_kinds_are_none_of_the_tape(told):
    assert folded([told[0], taken(kind="reply.send")]).open == ()


def test_what_was_not_placed_says_why(told):
    declined = OrderDeclined(1, "ETH/BTC", Side.BUY, NOON, "3 bars are missing before the fill")
    tape = folded([told[0], declined])
    assert tape.rows[0].declined == "3 bars are missing before the fill"
    assert tape.of_session == ()
    assert tape.account is None


def test_a_new_session_begins_with_an_empty_account_and_keeps_the_rows_before(told):
    again = replace(told[0], session=2)
    tape = folded([*told, SessionEnded(1, "over", 9, 1.0, 0.0, 1, 2, 0.0, 7.0), again])
    assert (tape.session, tape.ended, tape.account) == (2, False, None)
    assert len(tape.rows) == len(folded(told).rows)


def test_the_oldest_rows_are_let_go_and_the_tape_says_so(told):
    fill = next(event for event in told if isinstance(event, Filled))
    many = [replace(fill, client_id=f"{number:032x}") for number in range(KEPT * 2)]
    tape = folded([told[0], *many])
    assert KEPT <= len(tape.rows) <= KEPT * 1.2
    assert tape.rows[-1].id == many[-1].client_id
    assert not tape.complete


def test_a_snapshot_brings_the_same_tape_back(told):
    one, other = TradingTapes(), TradingTapes()
    folded([told[0], taken(), *told[1:]], one)
    other.thaw(one.freeze())
    assert other.value() == one.value()


def test_words_of_a_bot_without_a_session_change_nothing(told):
    tapes = TradingTapes()
    tapes.take(Recorded(1, NOON, "bot", next(event for event in told if isinstance(event, Filled))))
    assert tapes.value() == ()
    assert isinstance(told[0], SessionStarted)
