"""Approvals: what waits for a person survives restarts, is carried out once, and only while what it rested on holds."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.core.decisions.commands import ApproveDecision, EditDecision, RejectDecision, UndoDecision
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.inbox import Decisions
from services.core.decisions.ledger import Entry, NoSuchDecision, NotWaiting, Origin, by_id
from services.core.effects import Effect
from services.core.errors import UserError
from services.core.events.messages import MalformedMessage
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program


class PublishDraft(Effect, name="test.publish_draft"):
    """Publish a draft as long as its file says what it said."""

    limits = {"text": 300}

    folder: str
    text: str

    @property
    def key(self) -> str:
        return f"publish:{self.folder}"

    @property
    def what(self) -> str:
        return f"Publish {self.text!r}"


class Publisher(LineWriter):
    """Handles ``PublishDraft``; it rests on the draft being as it was."""

    def carry_out(self, effect: PublishDraft) -> dict[str, object]:
        return super().carry_out(WriteLine(f"{effect.folder}/published.txt", effect.text))

    def look_up(self, effect: PublishDraft):
        return super().look_up(WriteLine(f"{effect.folder}/published.txt", effect.text))

    def undo(self, effect: PublishDraft, details: dict[str, object]) -> dict[str, object]:
        return super().undo(WriteLine(f"{effect.folder}/published.txt", effect.text), details)

    def still_holds(self, effect: PublishDraft) -> str:
        return "" if Path(effect.folder, "draft.txt").read_text() == "draft" else "the draft has changed"


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock):
    running = Program(tmp_path, clock, {PublishDraft: Publisher()}).open([Decisions()])
    yield running
    running.close()


@pytest.fixture
def identity(program: Program, tmp_path: Path) -> str:
    """A draft that waits in the Inbox, over a restart."""
    (tmp_path / "draft.txt").write_text("draft")
    proposal = Proposal(PublishDraft(str(tmp_path), "hello"), {"score": 0.9}, evidence={"draft": "hello"})
    waiting = program.engine.acts.propose(Origin("process:writer"), proposal)
    assert program.engine.acts.propose(Origin("process:writer"), proposal) == waiting, "asked twice, waits once"
    program.restart([Decisions()])
    program.advance(1)
    assert [row.id for row in program.engine.view.value(Decisions).waiting] == [waiting]
    return waiting


def published(folder: Path) -> list[str]:
    path = folder / "published.txt"
    return path.read_text().splitlines() if path.exists() else []


def entry(program: Program, identity: str) -> Entry:
    found: Entry = program.wait(program.engine.journal.write(lambda tx: by_id(tx, identity)))
    return found


def test_an_approval_after_a_restart_carries_it_out_once(program: Program, tmp_path: Path, identity: str) -> None:
    assert program.tell(ApproveDecision(identity)).done
    assert published(tmp_path) == ["hello"]
    with pytest.raises(NotWaiting, match="is done and cannot be approved"):
        program.tell(ApproveDecision(identity))
    assert published(tmp_path) == ["hello"]
    program.advance(1)
    assert program.engine.view.value(Decisions).waiting == ()


def test_what_no_longer_holds_expires_and_says_why(program: Program, tmp_path: Path, identity: str) -> None:
    (tmp_path / "draft.txt").write_text("another draft")
    assert not program.tell(ApproveDecision(identity)).done
    decision = entry(program, identity).decision
    assert (decision.verdict, decision.why) == (Verdict.EXPIRED, "the draft has changed")
    assert published(tmp_path) == []


def test_what_cannot_be_checked_now_goes_on_waiting(program: Program, tmp_path: Path, identity: str) -> None:
    (tmp_path / "draft.txt").unlink()
    told = program.tell(ApproveDecision(identity))
    assert not told.done
    assert "it still waits" in told.why
    assert entry(program, identity).decision.verdict is Verdict.WAITING
    (tmp_path / "draft.txt").write_text("draft")
    assert program.tell(ApproveDecision(identity)).done
    assert published(tmp_path) == ["hello"]


def test_an_edited_draft_is_what_is_carried_out(program: Program, tmp_path: Path, identity: str) -> None:
    with pytest.raises(MalformedMessage, match="Expected `str`"):
        program.tell(EditDecision(identity, {"text": 5}))
    assert entry(program, identity).decision.verdict is Verdict.WAITING
    assert program.tell(EditDecision(identity, {"text": "hello, edited"})).done
    assert published(tmp_path) == ["hello, edited"]
    assert entry(program, identity).decision.what == "Publish 'hello, edited'"


@pytest.mark.parametrize("field", ["folder", "txet"])
def test_what_is_no_draft_cannot_be_edited_and_goes_on_waiting(program: Program, identity: str, field: str) -> None:
    before = entry(program, identity)
    with pytest.raises(UserError, match=f"^{field}: it cannot be edited. Of this only text can be; it waits as it was"):
        program.tell(EditDecision(identity, {"text": "hello, edited", field: "elsewhere"}))
    assert entry(program, identity) == before
    assert program.tell(ApproveDecision(identity)).done


def test_a_rejected_draft_is_not_carried_out_and_not_asked_again(
    program: Program, tmp_path: Path, identity: str
) -> None:
    program.tell(RejectDecision(identity, "too loud"))
    decision = entry(program, identity).decision
    assert (decision.verdict, decision.why) == (Verdict.REJECTED, "too loud")
    assert program.engine.acts.propose(Origin("process:writer"), Proposal(PublishDraft(str(tmp_path), "x"))) == identity
    outcome = program.engine.acts.decide(PublishDraft(str(tmp_path), "x"), "", "rule:any")
    assert (outcome.done, outcome.why) == (False, "too loud")
    assert published(tmp_path) == []


def test_a_rejection_that_is_undone_waits_once_more_and_can_be_approved(
    program: Program, tmp_path: Path, identity: str
) -> None:
    program.tell(RejectDecision(identity, "too loud"))
    assert program.tell(UndoDecision(identity)).done
    program.restart([Decisions()])
    program.advance(1)
    (row,) = program.engine.view.value(Decisions).waiting
    assert (row.id, row.why, row.changed_by) == (identity, "", "user")
    assert entry(program, identity).decision.settled_at is None
    assert program.tell(ApproveDecision(identity)).done
    assert published(tmp_path) == ["hello"]


def test_a_rejection_past_its_time_is_not_put_back_and_says_so(program: Program, tmp_path: Path) -> None:
    identity = waits_for(program, tmp_path, timedelta(minutes=1))
    program.tell(RejectDecision(identity, ""))
    program.advance(timedelta(minutes=2))
    with pytest.raises(NotWaiting, match="cannot be put back before you: it waited past its time"):
        program.tell(UndoDecision(identity))


def test_an_undo_takes_it_back_over_a_restart_and_only_once(program: Program, tmp_path: Path, identity: str) -> None:
    program.tell(ApproveDecision(identity))
    program.restart([Decisions()])
    assert program.tell(UndoDecision(identity)).done
    assert published(tmp_path) == []
    assert entry(program, identity).decision.verdict is Verdict.UNDONE
    with pytest.raises(NotWaiting, match="is undone and cannot be undone"):
        program.tell(UndoDecision(identity))


def test_an_undo_that_fails_halfway_is_looked_up(program: Program, tmp_path: Path, identity: str) -> None:
    program.tell(ApproveDecision(identity))
    (tmp_path / "published.txt").unlink()
    told = program.tell(UndoDecision(identity))
    assert "FileNotFoundError" in told.why
    assert entry(program, identity).decision.verdict is Verdict.UNDONE, "the outside says that it is not there"


def waits_for(program: Program, folder: Path, patience: timedelta) -> str:
    (folder / "draft.txt").write_text("draft")
    proposal = Proposal(PublishDraft(str(folder), "hello"), expires=program.clock.now() + patience)
    return program.engine.acts.propose(Origin("process:writer"), proposal)


def test_what_waited_past_its_time_leaves_the_inbox_by_itself(program: Program, tmp_path: Path) -> None:
    identity = waits_for(program, tmp_path, timedelta(hours=1))
    program.advance(timedelta(minutes=58))
    assert entry(program, identity).decision.verdict is Verdict.WAITING
    program.advance(timedelta(minutes=4))
    expired = entry(program, identity).decision
    assert (expired.verdict, expired.why) == (Verdict.EXPIRED, "it waited past its time")
    with pytest.raises(NotWaiting):
        program.tell(ApproveDecision(identity))
    assert not (tmp_path / "published.txt").exists()


def test_what_has_just_waited_past_its_time_is_not_carried_out(program: Program, tmp_path: Path) -> None:
    program.advance(timedelta(seconds=61) - timedelta(seconds=program.clock.now().second))
    identity = waits_for(program, tmp_path, timedelta(seconds=10))
    program.advance(timedelta(seconds=20))
    assert "past its time" in program.tell(ApproveDecision(identity)).why
    assert entry(program, identity).decision.verdict is Verdict.EXPIRED


def test_an_id_may_be_shortened_and_an_unknown_one_is_told(program: Program, tmp_path: Path, identity: str) -> None:
    with pytest.raises(NoSuchDecision, match="no decision has the id"):
        program.tell(ApproveDecision("zzz"))
    assert program.tell(ApproveDecision(identity[:6])).done


def test_a_decision_whose_kind_nobody_handles_any_more_goes_on_waiting(program: Program, identity: str) -> None:
    program.engine.acts.handlers.clear()
    with pytest.raises(LookupError, match="no handler"):
        program.tell(ApproveDecision(identity))
    assert entry(program, identity).decision.verdict is Verdict.WAITING
