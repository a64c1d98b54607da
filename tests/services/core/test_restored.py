"""A store put back from a copy does not know all that was done: the outside is asked before it is done again."""

from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

import pytest

from services.core.decisions.commands import ApproveDecision
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, Origin, by_key
from services.core.effects import Details, Outcome, Refused, Standing
from services.core.store.backup import backup_to, restore_from
from services.core.store.restored import restored
from tests.support.manual_clock import ManualClock
from tests.support.outside import Desk, DeskHandler, PlaceAtDesk, open_desk
from tests.support.program import Program


class Moody(DeskHandler):
    """The desk's door: it may be closed to orders, and to questions."""

    refuses = False
    hears = True

    def carry_out(self, effect: PlaceAtDesk) -> Details:
        if self.refuses:
            raise Refused("closed")
        return super().carry_out(effect)

    def look_up(self, effect: PlaceAtDesk) -> Outcome:
        if not self.hears:
            raise URLError("nobody answers")
        return super().look_up(effect)


@pytest.fixture
def desk():
    with open_desk() as opened:
        yield opened


@pytest.fixture
def door() -> Moody:
    return Moody()


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock, door: Moody):
    running = Program(tmp_path, clock, {PlaceAtDesk: door}).open()
    yield running
    running.close()


@pytest.fixture
def taken_back(program: Program) -> Callable[..., None]:
    """Does something between a backup and its being put back, and begins again so many seconds ``later``."""

    def run(meanwhile: Callable[[], object], later: float = 60) -> None:
        copy = backup_to(program.engine.store, program.folder / "copy.db")
        meanwhile()
        program.advance(60)
        program.close()
        restore_from(copy, program.engine.places.database, program.folder / "kept.db", program.clock.now())
        program.advance(later)
        program.engine = program._engine()
        program.open()

    return run


def decide(program: Program, desk: Desk, order: str) -> Outcome:
    return program.engine.acts.decide(PlaceAtDesk(desk.url, order), "it was time", "rule:test")


def entry(program: Program, desk: Desk, order: str) -> Entry:
    found = program.wait(program.engine.journal.write(lambda tx: by_key(tx, PlaceAtDesk(desk.url, order).key)))
    assert found is not None
    return found


def test_what_was_done_after_the_backup_is_found_and_not_done_again(program: Program, desk: Desk, taken_back) -> None:
    taken_back(lambda: decide(program, desk, "one"))
    assert decide(program, desk, "one").done
    assert desk.orders == ["one"]
    told = entry(program, desk, "one").decision
    assert (told.verdict, told.why) == (Verdict.DONE, "done after the copy was made from which the store was put back")


def test_what_was_not_done_is_done(program: Program, desk: Desk, taken_back) -> None:
    taken_back(lambda: None)
    assert decide(program, desk, "new").done
    assert decide(program, desk, "new").done
    assert desk.orders == ["new"]
    assert entry(program, desk, "new").decision.why == ""


def test_while_nobody_can_tell_nothing_is_done(program: Program, desk: Desk, door: Moody, taken_back) -> None:
    taken_back(lambda: decide(program, desk, "one"))
    door.hears = False
    assert decide(program, desk, "one").standing is Standing.UNKNOWN
    door.hears = True
    assert decide(program, desk, "one").done
    assert desk.orders == ["one"]


def test_what_was_refused_before_the_backup_and_done_after_it_is_found(
    program: Program, desk: Desk, door: Moody, taken_back
) -> None:
    door.refuses = True
    assert decide(program, desk, "one").standing is Standing.NOT_DONE
    door.refuses = False
    taken_back(lambda: decide(program, desk, "one"))
    assert decide(program, desk, "one").done
    assert desk.orders == ["one"]


def test_what_was_approved_after_the_backup_waits_again_and_is_done_once(
    program: Program, desk: Desk, taken_back
) -> None:
    proposal = Proposal(PlaceAtDesk(desk.url, "one"), "a person is asked")
    identity = program.engine.acts.propose(Origin("user"), proposal)
    taken_back(lambda: program.tell(ApproveDecision(identity)))
    assert entry(program, desk, "one").decision.verdict is Verdict.WAITING
    assert program.tell(ApproveDecision(identity)).done
    assert desk.orders == ["one"]


def test_what_was_sent_just_before_the_store_was_put_back_may_still_arrive(
    program: Program, desk: Desk, taken_back
) -> None:
    taken_back(lambda: None, later=0)
    assert decide(program, desk, "one").standing is Standing.UNKNOWN
    desk.orders.append("one")  # what was sent before has come through
    program.advance(120)
    assert entry(program, desk, "one").decision.verdict is Verdict.DONE
    assert decide(program, desk, "one").done
    assert desk.orders == ["one"]


def test_what_the_copy_knows_as_open_may_have_been_sent_again_since(program: Program, desk: Desk, taken_back) -> None:
    desk.loses = True
    assert decide(program, desk, "one").standing is Standing.UNKNOWN
    desk.loses = False
    taken_back(lambda: program.advance(3600), later=0)
    assert program.engine.acts.look_again(entry(program, desk, "one").decision.id).decision.verdict is Verdict.UNKNOWN
    desk.orders.append("one")  # what was sent before has come through
    program.advance(120)
    assert entry(program, desk, "one").decision.verdict is Verdict.DONE


def test_an_approval_waits_until_nothing_from_before_can_arrive(program: Program, desk: Desk, taken_back) -> None:
    identity = program.engine.acts.propose(Origin("user"), Proposal(PlaceAtDesk(desk.url, "one"), "a person is asked"))
    taken_back(lambda: None, later=0)
    told = program.tell(ApproveDecision(identity))
    assert (told.standing, desk.orders) == (Standing.NOT_DONE, [])
    assert "it still waits: nobody can tell yet whether it was done before" in told.why
    program.advance(60)
    assert program.tell(ApproveDecision(identity)).done
    assert desk.orders == ["one"]


def test_a_store_that_never_was_put_back_asks_nobody_first(program: Program, desk: Desk, door: Moody) -> None:
    door.hears = False
    assert decide(program, desk, "one").done
    assert desk.orders == ["one"]


def test_the_store_tells_when_it_was_put_back_and_what_it_knows_until(program: Program, desk: Desk, taken_back) -> None:
    decide(program, desk, "one")
    known = program.clock.now()
    taken_back(lambda: decide(program, desk, "two"))
    with program.engine.store.reading.connect() as connection:
        told = restored(connection)
    assert told is not None
    assert told.knows_until is not None
    assert told.knows_until <= known < told.at < program.clock.now()
