"""An act whose answer was given up may still arrive: until it has settled it is unknown, and never done again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.commands import Command
from services.core.commands.accepted import accept, unfinished
from services.core.decisions import ledger
from services.core.decisions.commands import ApproveDecision
from services.core.decisions.decision import Decision, Proposal, Verdict
from services.core.decisions.inbox import Decisions
from services.core.effects import SETTLING, Outcome, Standing
from services.core.journal import Transaction
from tests.support.manual_clock import ManualClock
from tests.support.outside import Desk, DeskHandler, PlaceAtDesk, open_desk
from tests.support.program import Program
from tests.support.until import until

SETTLED = SETTLING.total_seconds() + 3


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    running = Program(tmp_path, clock, {PlaceAtDesk: DeskHandler(timeout=0.2)}).open([Decisions()])
    yield running
    running.close()


def decide(program: Program, desk: Desk) -> Outcome:
    return program.engine.acts.decide(PlaceAtDesk(desk.url, "buy 1"), "it was time", "rule:test")


def decision(program: Program) -> Decision:
    found = program.wait(program.engine.journal.write(lambda tx: ledger.by_key(tx, "desk:buy 1")))
    return found.decision  # type: ignore[no-any-return]


def test_an_order_that_arrives_after_its_client_gave_up_is_not_placed_again(program: Program, desk: Desk) -> None:
    desk.go_on.clear()
    assert decide(program, desk).standing is Standing.UNKNOWN
    assert decide(program, desk).standing is Standing.UNKNOWN
    assert decision(program).verdict is Verdict.UNKNOWN
    assert "timed out" in decision(program).why
    desk.go_on.set()
    until(lambda: desk.orders)
    assert decide(program, desk).done
    assert desk.orders == ["buy 1"]


def test_an_unknown_act_is_asked_about_again_by_itself_once_it_has_settled(program: Program, desk: Desk) -> None:
    desk.go_on.clear()
    decide(program, desk)
    program.advance(1)
    assert [row.unknown for row in program.engine.view.value(Decisions).rows] == [True]
    desk.go_on.set()
    until(lambda: desk.orders)
    program.advance(SETTLED)
    assert decision(program).verdict is Verdict.DONE
    assert [row.unknown for row in program.engine.view.value(Decisions).rows] == [False]


def test_an_order_that_never_arrived_is_not_done_once_it_has_settled_and_then_placed_once(
    program: Program, desk: Desk
) -> None:
    desk.loses = True
    assert decide(program, desk).standing is Standing.UNKNOWN
    program.advance(SETTLING.total_seconds() - 5)
    assert decide(program, desk).standing is Standing.UNKNOWN, "the same cause finds it on its way"
    program.advance(8)
    assert decision(program).verdict is Verdict.NOT_DONE
    desk.loses = False
    assert decide(program, desk).done
    assert desk.orders == ["buy 1"]


def test_what_a_crash_left_is_not_placed_again_before_it_has_settled(program: Program, desk: Desk) -> None:
    intend(program, desk)
    program.killed([Decisions()])
    assert program.engine.acts.reconcile() == (1, 1)
    assert decide(program, desk).standing is Standing.UNKNOWN
    desk.orders.append("buy 1")  # what the killed program had sent
    program.advance(SETTLED)
    assert decision(program).verdict is Verdict.DONE
    assert desk.orders == ["buy 1"]


def test_what_a_crash_left_long_ago_has_settled(program: Program, desk: Desk) -> None:
    intend(program, desk)
    program.killed([Decisions()])
    program.advance(SETTLED)
    assert program.engine.acts.reconcile() == (1, 0)
    assert decision(program).verdict is Verdict.NOT_DONE


@pytest.mark.parametrize("arrived", [[], ["buy 1"]])
def test_an_approval_that_a_crash_cut_off_is_obeyed_once_it_has_settled(
    program: Program, desk: Desk, arrived: list[str]
) -> None:
    identity = cut_off_approval(program, desk)
    program.killed([Decisions()])
    program.engine.acts.reconcile()
    program.engine.deciding.go_on()
    program.settle()
    assert unfinished(program.engine.journal, (Command,)), "another crash finds it, too"
    assert desk.orders == []
    desk.orders += arrived
    program.advance(SETTLED)
    assert (decision(program).verdict, desk.orders) == (Verdict.DONE, ["buy 1"])
    assert not unfinished(program.engine.journal, (Command,))
    assert decision(program).id == identity


def test_an_approval_that_a_person_has_settled_meanwhile_is_not_obeyed(program: Program, desk: Desk) -> None:
    identity = cut_off_approval(program, desk)
    program.killed([Decisions()])
    program.engine.acts.reconcile()
    program.engine.deciding.go_on()
    program.settle()
    program.engine.acts.settle(identity, done=False, by="user", why="I called them off")
    program.advance(SETTLED)
    assert (decision(program).verdict, desk.orders) == (Verdict.NOT_DONE, [])
    assert not unfinished(program.engine.journal, (Command,))


def intend(program: Program, desk: Desk) -> None:
    """What the ledger has of an act at the moment at which it is carried out."""
    new = ledger.NewDecision(PlaceAtDesk(desk.url, "buy 1"), ledger.Origin("rule:test"), "because", Verdict.INTENDED)
    program.wait(program.engine.journal.write(lambda tx: ledger.enter(tx, new)))


def cut_off_approval(program: Program, desk: Desk) -> str:
    """A decision that a person approved, as it is on disk while it is carried out."""
    proposal = Proposal(PlaceAtDesk(desk.url, "buy 1"), "a person is asked")
    identity = program.engine.acts.propose(ledger.Origin("user"), proposal)

    def work(tx: Transaction) -> None:
        accept(tx, ApproveDecision(identity), "user")
        ledger.change(tx, ledger.by_id(tx, identity), Verdict.INTENDED, "user", epoch=0)

    program.wait(program.engine.journal.write(work))
    return identity
