"""The sandbox network where room is short: what is old goes, but for what somebody goes on from."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.store.schema import processes
from services.engagement.bookmark import Bookmark, Watched
from services.engagement.effects import SendReply
from services.engagement.handlers import ReplyHandler
from services.engagement.network import Action, Own, Response, RuleRefusal
from services.engagement.sandbox import SandboxNetwork, forgetting, schema
from services.engagement.sandbox.forgetting import REMEMBERED, OldPosts
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

DAY = timedelta(days=1)
LIVELY = "What a great day, I love it! #python #devlog"


@dataclass
class Book:
    """A network with a crowd that has answered old posts, and the program whose book it is."""

    program: Program
    network: SandboxNetwork
    posts: list[Own]
    old: list[Response]

    @property
    def path(self) -> Path:
        return self.program.folder / "sandbox-network.db"

    def shed(self) -> int:
        with self.program.engine.store.reading.connect() as connection:
            return OldPosts(self.path, self.program.clock).shed(connection)

    def stands_at(self, bookmark: Bookmark, name: str = "spring") -> None:
        """A campaign has come so far."""
        row = {"name": name, "state": "running", "because": "", "by": "", "epoch": 1, "restarts": 0}
        row |= {"settings": "{}", "position": json.dumps(bookmark.position())}
        self.program.wait(self.program.engine.journal.write(lambda tx: tx.connection.execute(insert(processes), row)))


def pass_days(program: Program, duration: timedelta) -> None:
    assert isinstance(program.clock, ManualClock)
    program.clock.step_wall(duration)


@pytest.fixture
def book(tmp_path: Path, clock: ManualClock) -> Iterator[Book]:
    network = SandboxNetwork(tmp_path / "sandbox-network.db", clock)
    program = Program(tmp_path, clock, {SendReply: ReplyHandler({network.name: network})}).open()
    posts = []
    for number in range(8):
        posts.append(network.post(f"{number}: {LIVELY}", f"mark {number}"))
        pass_days(program, timedelta(hours=1))
    pass_days(program, 2 * DAY)
    old = network.responses("", 100)
    assert len(old) > 8
    pass_days(program, REMEMBERED)
    network.post(f"new: {LIVELY}", "new")
    pass_days(program, DAY)
    yield Book(program, network, posts, old)
    program.close()


def test_old_posts_lose_their_words_and_answers_and_newer_ones_nothing(book: Book) -> None:
    new = [each for each in book.network.responses("", 500) if each not in book.old]
    assert book.shed() == 8
    assert book.network.responses("", 500) == new
    assert book.network.find("new") is not None
    assert book.shed() == 0


def test_what_was_posted_is_never_posted_again_and_can_be_taken_back(book: Book) -> None:
    book.shed()
    known = book.network.post(f"0: {LIVELY}", "mark 0")
    assert (known.id, known.at, known.text) == (book.posts[0].id, book.posts[0].at, "")
    book.network.delete(known.id)
    with pytest.raises(RuleRefusal, match="posted and taken back"):
        book.network.post(f"0: {LIVELY}", "mark 0")


def test_an_answer_that_waits_for_a_person_can_still_be_sent(book: Book) -> None:
    named = book.old[0]
    reply = SendReply(book.network.name, "spring", named.id, named.author, "Thank you!")
    identity = book.program.engine.acts.propose(Origin("process:spring"), Proposal(reply))
    book.shed()
    assert book.network.response(named.id) == named
    assert book.network.response(book.old[1].id) is None
    assert book.program.engine.acts.approvals.approve(identity).done


def test_nobody_is_answered_a_second_time_nor_told_the_same_twice(book: Book) -> None:
    answered = book.old[0]
    book.network.reply(answered.id, "Thank you!", "reply")
    book.shed()
    refusal = book.network.check(Action.REPLY, "Thank you!", answered.id)
    assert refusal is not None
    assert refusal.rule == "once"


def test_what_a_campaign_has_yet_to_read_to_answer_or_to_measure_stays(book: Book) -> None:
    half = len(book.old) // 2
    watched = [Watched(book.posts[0].id, book.posts[0].at, [])]
    before = book.network.reception(book.posts[0].id)
    book.stands_at(Bookmark(cursor=book.old[half].id, backlog=[book.old[1].id], watched=watched))
    unread = book.network.responses(book.old[half].id, 500)
    assert book.shed() > 0
    assert book.network.responses(book.old[half].id, 500) == unread
    assert book.network.response(book.old[1].id) is not None
    assert book.network.reception(book.posts[0].id) == before


def test_the_room_is_given_back_and_no_number_is_given_twice(book: Book) -> None:
    newest = max(int(each.id.rpartition("-")[2]) for each in book.network.responses("", 500))
    pass_days(book.program, 2 * REMEMBERED)
    assert book.shed() > 0
    book.network.post(f"again: {LIVELY}", "again")
    pass_days(book.program, DAY)
    assert all(int(each.id.rpartition("-")[2]) >= newest for each in book.network.responses("", 500))


def test_a_campaign_whose_cursor_is_forgotten_since_its_store_was_put_back_reads_nothing_anew(book: Book) -> None:
    cursor, newest = book.old[len(book.old) // 2].id, book.network.responses("", 500)[-1].id
    book.network.reply(book.old[0].id, "Thank you!", "reply")
    book.stands_at(Bookmark(cursor=newest))
    unread = book.network.responses(cursor, 500)
    book.shed()
    assert book.network.response(cursor) is None
    left = book.network.responses(cursor, 500)
    assert left
    assert all(each in unread for each in left)


def test_what_comes_after_such_a_cursor_stays(book: Book) -> None:
    newest = book.network.responses("", 500)[-1].id
    book.stands_at(Bookmark(cursor=newest))
    book.shed()
    (forgotten,) = [each.id for each in book.old[:1]]
    pass_days(book.program, 2 * REMEMBERED)
    book.stands_at(Bookmark(cursor=forgotten), "autumn")
    unread = book.network.responses(forgotten, 500)
    book.shed()
    assert book.network.responses(forgotten, 500) == unread


def test_a_rejected_answer_can_be_put_back_and_sent_as_long_as_its_time_is_not_over(book: Book) -> None:
    acts, clock = book.program.engine.acts, book.program.clock
    named, late = book.old[0], book.old[1]
    identities = []
    for each, expires in ((named, clock.now() + DAY), (late, clock.now() + timedelta(hours=1))):
        reply = SendReply(book.network.name, "spring", each.id, each.author, "Thank you!")
        identities.append(acts.propose(Origin("process:spring"), Proposal(reply, expires=expires)))
        acts.approvals.reject(identities[-1])
    pass_days(book.program, timedelta(hours=2))
    book.shed()
    assert book.network.response(late.id) is None
    acts.undo(identities[0])
    assert acts.approvals.approve(identities[0]).done


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a file that is in use."""
    monkeypatch.setattr(schema, "WAIT", 0.01)


@pytest.mark.usefixtures("impatient")
def test_a_network_that_is_in_use_forgets_another_time(book: Book, caplog: pytest.LogCaptureFixture) -> None:
    with closing(sqlite3.connect(book.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert book.shed() == 0
    assert "the sandbox network forgets what is old another time: database is locked" in caplog.messages
    assert book.shed() == 8


@pytest.mark.usefixtures("impatient")
def test_what_is_forgotten_counts_though_its_room_cannot_be_given_back(
    book: Book, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        book.network.post(f"{number} more: {LIVELY}", f"more {number}")
        pass_days(book.program, timedelta(hours=1))
    pass_days(book.program, 2 * REMEMBERED)
    with closing(sqlite3.connect(book.path, isolation_level=None)) as other:

        def found_in_use(path: Path) -> sqlite3.Connection:
            other.execute("BEGIN IMMEDIATE")
            return schema.connected(path)

        monkeypatch.setattr(forgetting, "connected", found_in_use)
        assert book.shed() > 0
    assert "what the sandbox network forgot still takes its room on the disk: database is locked" in caplog.messages


def test_where_there_is_no_network_nothing_is_forgotten_and_none_is_made(book: Book) -> None:
    with book.program.engine.store.reading.connect() as connection:
        assert OldPosts(book.program.folder / "none.db", book.program.clock).shed(connection) == 0
    assert not (book.program.folder / "none.db").exists()
    book.path.write_bytes(b"no network, and long enough to be taken for one" * 99)
    assert book.shed() == 0
