"""The sandbox network where room is short: what is old goes, but for what somebody goes on from."""

import json
from collections.abc import Iterator
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
from services.engagement.sandbox import SandboxNetwork
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

    def stands_at(self, bookmark: Bookmark) -> None:
        """A campaign has come so far."""
        row = {"name": "spring", "state": "running", "because": "", "by": "", "epoch": 1, "restarts": 0}
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


def test_where_there_is_no_network_nothing_is_forgotten_and_none_is_made(book: Book) -> None:
    with book.program.engine.store.reading.connect() as connection:
        assert OldPosts(book.program.folder / "none.db", book.program.clock).shed(connection) == 0
    assert not (book.program.folder / "none.db").exists()
    book.path.write_bytes(b"no network, and long enough to be taken for one" * 99)
    assert book.shed() == 0
