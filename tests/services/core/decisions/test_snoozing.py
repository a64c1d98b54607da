"""What waits for a person can be put off: it leaves the Inbox, comes back by itself, and can be decided meanwhile."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from services.core.decisions.commands import ApproveDecision, RejectDecision, SnoozeDecision, WakeDecision
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.events import DecisionSnoozed
from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.decisions.ledger import NoSuchDecision, NotWaiting, Origin
from services.core.decisions.snoozing import remember
from services.core.durations import minutes, seconds
from services.core.errors import UserError
from services.core.journal import Transaction
from services.core.store.schema import facts
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program

A_WHILE = minutes(4)
"""Short, since the program beats each second of it."""


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    running = Program(tmp_path, clock, {WriteLine: LineWriter()}).open([Decisions()])
    yield running
    running.close()


def ask(program: Program, expires: timedelta | None = None) -> str:
    effect = WriteLine(str(program.folder / "out"), "one")
    until = program.clock.now() + expires if expires else None
    return program.engine.acts.propose(Origin("rule:x"), Proposal(effect, expires=until))


def snooze(program: Program, identity: str, wait: timedelta = A_WHILE) -> None:
    program.tell(SnoozeDecision(identity, program.clock.now() + wait))


def write(program: Program, work: Callable[[Transaction], object]) -> None:
    program.wait(program.engine.journal.write(work))


def known(program: Program) -> DecisionsValue:
    program.settle()
    program.engine.ask(program.engine.projections.show)
    value: DecisionsValue = program.engine.view.value(Decisions)
    return value


def test_what_is_put_off_is_out_of_sight_until_its_time_has_come(program: Program) -> None:
    identity = ask(program)
    snooze(program, identity)
    value = known(program)
    assert value.waiting == ()
    assert [row.id for row in value.snoozed] == [identity]
    assert value.snoozed[0].verdict is Verdict.WAITING
    program.advance(minutes(2))
    assert known(program).waiting == ()
    program.advance(minutes(2) + seconds(5))
    value = known(program)
    assert [row.id for row in value.waiting] == [identity]
    assert value.snoozed == ()
    program.advance(minutes(1))
    assert [event.by for event in program.events(DecisionSnoozed)] == ["user", "program"]


def test_it_comes_back_after_a_restart_too(program: Program) -> None:
    identity = ask(program)
    snooze(program, identity)
    program.restart([Decisions()], later=minutes(6))
    program.advance(minutes(1))
    assert [row.id for row in known(program).waiting] == [identity]


def test_what_only_the_events_tell_of_comes_back_once_it_is_remembered(program: Program) -> None:
    identity = ask(program)
    snooze(program, identity)
    write(program, lambda tx: tx.connection.execute(delete(facts)))
    until = {row.id: row.snoozed_until for row in known(program).snoozed if row.snoozed_until}
    write(program, lambda tx: remember(tx, until))
    program.advance(A_WHILE + seconds(5))
    assert [row.id for row in known(program).waiting] == [identity]


def test_putting_off_again_counts_from_then_on(program: Program) -> None:
    identity = ask(program)
    snooze(program, identity)
    snooze(program, identity[:6], minutes(10))
    program.advance(minutes(6))
    assert known(program).waiting == ()
    program.advance(minutes(6))
    assert [row.id for row in known(program).waiting] == [identity]


def test_it_can_be_decided_while_it_is_put_off(program: Program) -> None:
    identity = ask(program)
    snooze(program, identity)
    program.tell(ApproveDecision(identity))
    program.advance(minutes(6))
    value = known(program)
    assert (value.waiting, value.snoozed) == ((), ())
    assert value.rows[0].verdict is Verdict.DONE


def test_it_is_woken_before_its_time_and_then_there_is_nothing_to_wake(program: Program) -> None:
    identity = ask(program)
    snooze(program, identity)
    program.tell(WakeDecision(identity[:6]))
    assert [row.id for row in known(program).waiting] == [identity]
    with pytest.raises(NotWaiting, match="is not put off"):
        program.tell(WakeDecision(identity))
    program.advance(minutes(6))
    assert [event.by for event in program.events(DecisionSnoozed)] == ["user", "user"]


def test_what_cannot_be_put_off_is_refused_with_the_reason(program: Program) -> None:
    identity = ask(program, expires=minutes(2))
    with pytest.raises(UserError, match=r"expires at .*, before it would be back"):
        snooze(program, identity)
    with pytest.raises(UserError, match="that moment is over"):
        snooze(program, identity, minutes(0))
    with pytest.raises(NoSuchDecision, match="no decision has the id 'nope'"):
        snooze(program, "nope")
    with pytest.raises(NoSuchDecision, match="this one is empty"):
        snooze(program, "")
    program.tell(RejectDecision(identity, ""))
    with pytest.raises(NotWaiting, match="is rejected and cannot be put off"):
        snooze(program, identity)
    assert program.events(DecisionSnoozed) == []
