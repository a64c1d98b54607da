"""A wish that a person had forgotten is not asked for again by the same bar, whoever begins its bot anew."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.wiring.unbought import Unbought
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.trading.desk.asking import AskDesk, EnterPosition
from services.trading.desk.commands import ClosePosition, close
from services.trading.desk.events import EntryEnded
from services.trading.desk.states import Role
from tests.support.desks import BOT, Floor, wish
from tests.support.live_world import Serving
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

D = Decimal


@pytest.fixture
def floor(tmp_path: Path, clock: ManualClock) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db", clock)
    yield made
    made.close()


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock, floor: Floor) -> Iterator[Program]:
    made = Program(tmp_path, clock, {EnterPosition: AskDesk(Serving(floor))}).open()
    Unbought(made.engine).open()
    yield made
    made.close()


def tell(program: Program, floor: Floor) -> None:
    """What the account process tells the journal of wishes that ended."""
    for _, event in floor.desk.register.ledger.read():
        if isinstance(event, EntryEnded):
            program.wait(program.engine.journal.append(event, source="account"))
    program.advance(0.5)


def test_a_wish_that_waited_and_that_a_person_closed_is_not_bought_once_its_bot_begins_anew(
    program: Program, floor: Floor
) -> None:
    floor.venue.wrong = ["never"]
    desk = floor.ready()
    desk.enter(wish())
    until = floor.venue.now() + timedelta(hours=12)  # half a bar of a day
    asked = EnterPosition("mo", "BTC/USDT", "09:00", D(1000), D(500), None, until, stop_share=D("0.05"))
    act = program.engine.acts.decide
    assert act(asked, "score 0.4", "process:mo").done
    floor.pass_seconds(5, rounds=5)
    assert [order.bot for order in desk.book.orders.values()] == [BOT], "it waits for the other's order"
    close(desk, ClosePosition("mo"), "user")
    floor.pass_seconds(5, rounds=5)
    tell(program, floor)
    entry = program.wait(program.engine.journal.write(lambda tx: ledger.by_key(tx, asked.key)))
    assert entry.decision.verdict is Verdict.NOT_DONE
    floor.pass_seconds(60, rounds=60)
    act(asked, "score 0.4", "process:mo")  # the bot was restarted, or its file edited: the newest bar decides again
    floor.pass_seconds(5, rounds=5)
    assert not [o for o in desk.book.orders.values() if o.bot == "mo" and o.role is Role.ENTRY], "a person closed it"
    assert not desk.book.holding("mo", "BTC/USDT").opened
