"""Replies and posts of a campaign through the real ledger: approved after a restart, rejected, expired, undone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.decisions import ledger
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, Origin
from services.core.effects import Effect, Standing
from services.core.effects.acts import Acts
from services.core.errors import UserError
from services.core.journal import Journal
from services.core.process.lease import Lease
from services.core.store import open_store
from services.engagement.effects import PublishPost, SendReply, mark_of
from services.engagement.handlers import engagement_handlers
from services.engagement.sandbox import SandboxNetwork
from tests.support.engagement import DAWN, SteppedClock


class Program:
    """A store, a ledger and the sandbox network in one folder; may be closed and opened again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SteppedClock(DAWN)
        self.network = SandboxNetwork(folder / "sandbox.db", self.clock)
        self.open()

    def open(self) -> None:
        self.store = open_store(self.folder / "dreamscape.db", self.folder / "backups", self.clock.now)
        self.journal = Journal(self.store, self.clock)
        self.journal.start()
        self.acts = Acts(self.journal, self.clock, engagement_handlers({self.network.name: self.network}))

    def close(self) -> None:
        assert self.journal.close()
        self.store.close()

    @property
    def effect(self) -> PublishPost:
        return PublishPost(self.network.name, "spring", DAWN, "I love this great day! #python #devlog")

    def post(self) -> PublishPost:
        assert self.acts.act(Lease("", 0), self.effect, "").done
        return self.effect

    def decision_of(self, effect: Effect) -> str:
        entry = self.clock.result(self.journal.write(lambda tx: ledger.by_key(tx, effect.key)))
        assert entry is not None
        return entry.decision.id

    def entry(self, identity: str) -> Entry:
        return self.clock.result(self.journal.write(lambda tx: ledger.by_id(tx, identity)))

    def proposed(self) -> tuple[str, SendReply]:
        self.post()
        self.clock.advance(timedelta(days=1))
        found = self.network.responses("", 1)[0]
        reply = SendReply(self.network.name, "spring", found.id, found.author, "Thank you!")
        proposal = Proposal(reply, "", expires=self.clock.now() + timedelta(days=1))
        identity = self.acts.propose(Origin("process:spring"), proposal)
        assert self.acts.propose(Origin("process:spring"), proposal) == identity
        return identity, reply

    def sent(self, effect: Effect) -> bool:
        return self.network.find(mark_of(effect)) is not None


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.close()


def test_a_reply_is_sent_when_it_is_approved_after_a_restart(program: Program) -> None:
    identity, reply = program.proposed()
    assert not program.sent(reply)
    program.close()
    program.open()
    assert program.acts.approvals.approve(identity).done
    assert program.sent(reply)


def test_an_edited_reply_is_sent_in_the_edited_words(program: Program) -> None:
    identity, reply = program.proposed()
    edited = SendReply(reply.network, reply.campaign, reply.response, reply.author, "Thanks a lot!")
    assert program.acts.approvals.approve(identity, changes={"text": edited.text}).done
    own = program.network.find(mark_of(edited))
    assert own is not None
    assert own.text == "Thanks a lot!"
    assert not program.sent(reply)


def test_a_rejected_reply_is_never_sent(program: Program) -> None:
    identity, reply = program.proposed()
    program.acts.approvals.reject(identity)
    assert not program.sent(reply)


def test_a_reply_whose_post_was_undone_expires_instead_of_being_sent(program: Program) -> None:
    identity, reply = program.proposed()
    program.acts.undo(program.decision_of(program.effect))
    outcome = program.acts.approvals.approve(identity)
    assert outcome.standing is Standing.NOT_DONE
    assert "taken back" in outcome.why
    assert not program.sent(reply)


def test_a_post_is_undone_at_the_network_and_its_slot_does_not_post_again(program: Program) -> None:
    effect = program.post()
    assert program.acts.undo(program.decision_of(effect)).done
    own = program.network.find(mark_of(effect))
    assert own is not None
    assert own.deleted
    assert not program.acts.act(Lease("", 0), effect, "").done
    assert program.network.find(mark_of(effect)) == own


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("x" * 2000, "text: it has 2,000 characters, and 300 are allowed. The draft waits as it was."),
        ("x" * 301, "text: it has 301 characters, and 300 are allowed. The draft waits as it was."),
        (" \n", "text: there is no text, and 1 to 300 characters are allowed. The draft waits as it was."),
    ],
)
def test_words_the_network_would_not_take_are_refused_and_the_draft_goes_on_waiting(
    program: Program, words: str, why: str
) -> None:
    identity, reply = program.proposed()
    with pytest.raises(UserError) as refused:
        program.acts.approvals.approve(identity, changes={"text": words})
    assert str(refused.value) == why
    assert program.entry(identity).decision.verdict is Verdict.WAITING
    assert program.entry(identity).effect() == reply
    assert program.acts.approvals.approve(identity, changes={"text": "x" * 300}).done
