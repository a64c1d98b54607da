"""A store put back from a copy does not know all that was done: the outside is asked before it is done again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from services.core.commands.accepted import accept
from services.core.decisions import ledger
from services.core.decisions.commands import ApproveDecision, EditDecision, RejectDecision
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, NotWaiting, Origin, by_key
from services.core.effects import Effect, Outcome, Standing
from services.core.journal import Transaction
from services.core.process.lease import Lease
from services.core.process.running import Superseded
from services.core.store.backup import backup_to, restore_from
from services.core.store.restored import restored
from tests.support.manual_clock import ManualClock
from tests.support.moody import Moody, SlipAtDesk, Slips
from tests.support.outside import Desk, PlaceAtDesk, open_desk
from tests.support.program import Program


@pytest.fixture
def desk():
    with open_desk() as opened:
        yield opened


@pytest.fixture
def door() -> Moody:
    return Moody()


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock, door: Moody):
    running = Program(tmp_path, clock, {PlaceAtDesk: door, SlipAtDesk: Slips()}).open()
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
    return of_key(program, PlaceAtDesk(desk.url, order).key)


def of_key(program: Program, key: str) -> Entry:
    found = program.wait(program.engine.journal.write(lambda tx: by_key(tx, key)))
    assert found is not None
    return found


def asks(program: Program, effect: Effect, patience: float | None = None) -> str:
    """Put before a person; returns its id."""
    expires = None if patience is None else program.clock.now() + timedelta(seconds=patience)
    return program.engine.acts.propose(Origin("user"), Proposal(effect, "a person is asked", expires=expires))


def wait_until_told(program: Program, told: str) -> None:
    """Let time pass to the minute in which ``told`` ends."""
    now = program.clock.now().astimezone()
    at = datetime.combine(now.date(), time.fromisoformat(told[-5:]), now.tzinfo)
    program.advance(at - now if at > now else at + timedelta(days=1) - now)


SINCE_THE_COPY = "done after the copy was made from which the store was put back"
NOT_YET_THERE = "nobody can tell yet whether it was done before: it is not there yet, but may still arrive"


def test_what_was_done_after_the_backup_is_found_and_not_done_again(program: Program, desk: Desk, taken_back) -> None:
    taken_back(lambda: decide(program, desk, "one"))
    assert decide(program, desk, "one").done
    assert desk.orders == ["one"]
    told = entry(program, desk, "one").decision
    assert (told.verdict, told.why) == (Verdict.DONE, SINCE_THE_COPY)


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
    identity = asks(program, PlaceAtDesk(desk.url, "one"))
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
    identity = asks(program, PlaceAtDesk(desk.url, "one"))
    taken_back(lambda: None, later=0)
    told = program.tell(ApproveDecision(identity))
    assert (told.standing, desk.orders) == (Standing.NOT_DONE, [])
    assert told.why[:-5] == f"it still waits: {NOT_YET_THERE}; approve it again after "
    wait_until_told(program, told.why)
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


def test_a_run_given_up_while_the_outside_is_asked_has_proved_nothing_of_what_was_before(
    program: Program, desk: Desk, door: Moody, taken_back
) -> None:
    taken_back(lambda: decide(program, desk, "one"))
    acts, effect = program.engine.acts, PlaceAtDesk(desk.url, "one")
    door.answers.clear()
    first = Lease("bot", 1)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(acts.act, first, effect, "it was time")
        assert door.asked.wait(20)
        acts.withdraw(first)
        withdrawn = entry(program, desk, "one").decision
        door.answers.set()
        assert acts.act(Lease("bot", 2), effect, "it was time").done
        with pytest.raises(Superseded):
            asking.result(20)
    assert (withdrawn.verdict, withdrawn.settled_at) == (Verdict.UNKNOWN, None)
    assert withdrawn.why == "the run was given up before anyone could tell whether it was done before"
    assert desk.orders == ["one"]


def test_what_a_given_up_run_never_began_is_done_once_by_who_comes_after_it(
    program: Program, desk: Desk, door: Moody, taken_back
) -> None:
    taken_back(lambda: None)
    acts, effect = program.engine.acts, PlaceAtDesk(desk.url, "one")
    door.answers.clear()
    first = Lease("bot", 1)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(acts.act, first, effect, "it was time")
        assert door.asked.wait(20)
        acts.withdraw(first)
        door.answers.set()
        with pytest.raises(Superseded):
            asking.result(20)
    program.advance(120)
    assert entry(program, desk, "one").decision.verdict is Verdict.NOT_DONE, "it was asked about again by itself"
    assert desk.orders == []
    assert acts.act(Lease("bot", 2), effect, "it was time").done
    assert desk.orders == ["one"]


def test_an_edit_of_what_was_done_before_comes_too_late_and_the_ledger_has_the_words_that_were_sent(
    program: Program, desk: Desk, taken_back
) -> None:
    identity = asks(program, SlipAtDesk(desk.url, "slip", "first"))
    taken_back(lambda: program.tell(ApproveDecision(identity)))
    told = program.tell(EditDecision(identity, {"text": "other"}))
    assert (told.standing, told.why) == (Standing.DONE, f"{SINCE_THE_COPY}; the edit came too late")
    assert of_key(program, "slip:slip").decision.what == "Say 'first'"
    assert desk.orders == ["slip: first"]


def test_an_edit_of_what_was_not_done_before_is_what_is_carried_out(program: Program, desk: Desk, taken_back) -> None:
    identity = asks(program, SlipAtDesk(desk.url, "slip", "first"))
    taken_back(lambda: None)
    assert program.tell(EditDecision(identity, {"text": "other"})).done
    assert of_key(program, "slip:slip").decision.what == "Say 'other'"
    assert desk.orders == ["slip: other"]


def test_while_nobody_can_tell_an_edit_changes_nothing_and_says_when_to_try_again(
    program: Program, desk: Desk, taken_back
) -> None:
    identity = asks(program, SlipAtDesk(desk.url, "slip", "first"))
    taken_back(lambda: None, later=0)
    told = program.tell(EditDecision(identity, {"text": "other"}))
    assert told.why[:-5] == f"it still waits: {NOT_YET_THERE}; edit it again after "
    waits = of_key(program, "slip:slip").decision
    assert (waits.verdict, waits.what, desk.orders) == (Verdict.WAITING, "Say 'first'", [])
    wait_until_told(program, told.why)
    assert program.tell(EditDecision(identity, {"text": "other"})).done


def test_an_edit_that_a_crash_cut_off_while_the_outside_was_asked_is_carried_out_in_its_own_words(
    program: Program, desk: Desk, taken_back
) -> None:
    identity = asks(program, SlipAtDesk(desk.url, "slip", "first"))
    taken_back(lambda: None)

    def work(tx: Transaction) -> None:
        accept(tx, EditDecision(identity, {"text": "other"}), "user")
        ledger.change(tx, ledger.by_id(tx, identity), Verdict.INTENDED, "user", epoch=0)

    program.wait(program.engine.journal.write(work))
    program.killed()
    program.engine.acts.reconcile()
    program.engine.deciding.go_on()
    program.advance(120)
    assert of_key(program, "slip:slip").decision.what == "Say 'other'"
    assert desk.orders == ["slip: other"]


def test_an_approval_that_cannot_be_asked_about_says_so(program: Program, desk: Desk, door: Moody, taken_back) -> None:
    identity = asks(program, PlaceAtDesk(desk.url, "one"))
    taken_back(lambda: None)
    door.hears = False
    assert program.tell(ApproveDecision(identity)).why.endswith(
        "nobody answers>; approve it again when it can be asked"
    )


def test_what_was_done_since_the_copy_cannot_be_rejected(program: Program, desk: Desk, taken_back) -> None:
    identity = asks(program, PlaceAtDesk(desk.url, "one"))
    taken_back(lambda: program.tell(ApproveDecision(identity)))
    with pytest.raises(NotWaiting, match=f"is done and cannot be rejected: {SINCE_THE_COPY}"):
        program.tell(RejectDecision(identity, "too loud"))
    told = entry(program, desk, "one").decision
    assert (told.verdict, told.why) == (Verdict.DONE, SINCE_THE_COPY)


def test_what_was_not_done_since_the_copy_can_be_rejected_once_nothing_can_arrive(
    program: Program, desk: Desk, taken_back
) -> None:
    identity = asks(program, PlaceAtDesk(desk.url, "one"))
    taken_back(lambda: None, later=0)
    with pytest.raises(NotWaiting, match=f"still waits: {NOT_YET_THERE}; reject it again after") as told:
        program.tell(RejectDecision(identity, "too loud"))
    wait_until_told(program, str(told.value))
    program.tell(RejectDecision(identity, "too loud"))
    rejected = entry(program, desk, "one").decision
    assert (rejected.verdict, rejected.why) == (Verdict.REJECTED, "too loud")


def test_a_rejection_where_nobody_answers_says_what_nobody_could_tell(
    program: Program, desk: Desk, door: Moody, taken_back
) -> None:
    identity = asks(program, PlaceAtDesk(desk.url, "one"))
    taken_back(lambda: None)
    door.hears = False
    program.tell(RejectDecision(identity, "too loud"))
    told = entry(program, desk, "one").decision
    assert told.verdict is Verdict.REJECTED
    assert told.why.startswith("too loud; nobody could tell whether it was done before the store was put back")


def test_what_was_done_since_the_copy_does_not_expire(program: Program, desk: Desk, door: Moody, taken_back) -> None:
    identity = asks(program, PlaceAtDesk(desk.url, "one"), patience=300)
    taken_back(lambda: program.tell(ApproveDecision(identity)))
    door.hears = False
    program.advance(600)
    assert entry(program, desk, "one").decision.verdict is Verdict.WAITING, "nobody can tell yet"
    door.hears = True
    program.advance(900)
    told = entry(program, desk, "one").decision
    assert (told.verdict, told.why) == (Verdict.DONE, SINCE_THE_COPY)


@pytest.mark.parametrize("handled", [True, False])
def test_what_was_not_done_since_the_copy_expires(program: Program, desk: Desk, taken_back, handled: bool) -> None:
    asks(program, PlaceAtDesk(desk.url, "one"), patience=300)
    taken_back(lambda: None)
    if not handled:
        program.engine.acts.handlers.clear()
    program.advance(600)
    told = entry(program, desk, "one").decision
    nobody = "; nobody could tell whether it was done before the store was put back from a copy: no handler for"
    assert told.verdict is Verdict.EXPIRED
    assert told.why.startswith(f"it waited past its time{'' if handled else nobody}")
