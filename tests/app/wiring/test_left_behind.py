"""A position whose bot is gone waits in the Inbox as one item, and leaves it by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wiring.left_behind import settle_left_behind
from services.core.decisions.commands import RejectDecision
from services.core.decisions.inbox import DecisionRow, Decisions
from services.trading.desk.door import Door
from services.trading.desk.inbox import Answered
from services.trading.desk.left_behind import Left
from services.trading.desk.waiting import SellLeftBehind
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

HELD = SellLeftBehind("curl", "BTC/USDT", "curl:BTC/USDT:09:00", "0.0098 BTC on BTC/USDT with its stop at 47500")
THERE = Left(frozenset({HELD.position}), (HELD,))
DOUBTED = Left(THERE.missed)
"""After a start, before it is sure."""


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    made = Program(tmp_path, clock).open([Decisions()])
    made.engine.acts.handlers[SellLeftBehind] = Answered(Door(clock))
    yield made
    made.close()


def waiting(program: Program, *told: Left) -> list[DecisionRow]:
    """What waits once this has been told."""
    for left in told:
        settle_left_behind(program.engine.journal, left).result(10)
        program.advance(0.5)
    program.engine.ask(program.engine.projections.show)
    return list(program.engine.view.value(Decisions).waiting)


def test_one_item_says_what_is_held_its_stop_and_what_can_be_done(program: Program) -> None:
    (row,) = waiting(program, THERE, THERE, DOUBTED, THERE)
    assert row.what == HELD.what
    assert row.because == "no process called curl trades there any more; 'close curl' sells it as well"
    assert (row.word, row.process) == ("Sell it", "account")


def test_it_goes_by_itself_and_waits_again_when_the_bot_is_gone_once_more(program: Program) -> None:
    (row,) = waiting(program, THERE)
    assert waiting(program, Left()) == []
    gone = program.engine.view.value(Decisions).by_id(row.id)
    assert gone is not None
    assert gone.why == "it is flat, or its bot is back"
    (again,) = waiting(program, THERE)
    assert again.id != row.id


def test_once_dismissed_it_is_not_asked_about_again_while_its_bot_stays_away(program: Program) -> None:
    (row,) = waiting(program, THERE)
    program.tell(RejectDecision(row.id, "it may stay"))
    assert waiting(program, THERE, DOUBTED, THERE) == []


def test_one_that_was_dismissed_is_asked_about_again_once_its_bot_was_back_and_is_gone_once_more(
    program: Program,
) -> None:
    (row,) = waiting(program, THERE)
    program.tell(RejectDecision(row.id, "it may stay"))
    assert waiting(program, THERE, Left()) == []
    assert waiting(program, DOUBTED) == []
    assert len(waiting(program, THERE)) == 1
