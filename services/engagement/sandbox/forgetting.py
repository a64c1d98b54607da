"""What is old on the sandbox network, forgotten where room is short: nothing is posted or answered twice for it.

Of a post its mark stays and when it was made; of a reply also its words and whom it answers, since a rule asks for
them. What goes is the words of posts, and how the crowd reacted to what nobody has to answer any more. From the ledger
all of it can be written again.
"""

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection, and_, or_, select

from services.core.clock import Clock
from services.core.decisions.decision import OPEN, Verdict
from services.core.errors import UserError
from services.core.events.micros import to_micros
from services.core.store.schema import decisions, processes
from services.engagement.bookmark import Bookmark
from services.engagement.effects import LikePost, SendReply
from services.engagement.sandbox.network import SandboxNetwork, own_number, response_number
from services.engagement.sandbox.schema import connected, reading, writing

log = logging.getLogger(__name__)
REMEMBERED = timedelta(days=30)
"""Of the network's own time: campaigns have measured and answered long before."""
_STEP = 2_000
"""Rows that one transaction forgets: who posts meanwhile waits for one at most."""
_OLD = """SELECT reaction.id, reaction.own FROM reaction JOIN own ON own.id = reaction.own
          WHERE own.at < :cut AND reaction.at < :read
          AND reaction.id <= :last AND reaction.id < (SELECT max(id) FROM reaction)
          AND reaction.id NOT IN (SELECT target FROM own WHERE action = 'reply' AND target IS NOT NULL)"""
_ANY = 2**63 - 1
"""No number is larger."""
_AT = "SELECT at FROM reaction WHERE id = ?"
_WORDS = "SELECT id FROM own WHERE action = 'post' AND at < :cut AND text != ''"


@dataclass
class _Named:
    """What somebody goes on from, by its number; what comes after a ``cursor`` is yet to be read."""

    responses: set[int | None] = field(default_factory=set)
    posts: set[int | None] = field(default_factory=set)
    cursors: set[int | None] = field(default_factory=set)


@dataclass(frozen=True)
class OldPosts:
    """The old posts of the sandbox network in the file at ``path``; the room that housekeeping can have of it."""

    path: Path
    clock: Clock

    def shed(self, connection: Connection) -> int:
        """Forget them but for what a decision that is open, or a campaign, goes on from; tells how many posts it was.

        A file that is damaged is told of by who posts there, and has nothing to forget; one that is in use, or has no
        room to be written in, forgets another time, since what else is to make room must go on.
        """
        if not self.path.exists():
            return 0
        try:
            posts = self._forget(_named(connection, to_micros(self.clock.now())))
        except UserError as error:
            log.debug("nothing of the sandbox network is forgotten: %s", error)
            return 0
        except sqlite3.OperationalError as error:
            log.warning("the sandbox network forgets what is old another time: %s", error)
            return 0
        try:
            self._give_back()
        except sqlite3.DatabaseError as error:
            log.warning("what the sandbox network forgot still takes its room on the disk: %s", error)
        return posts

    def _forget(self, named: _Named) -> int:
        cut = (SandboxNetwork(self.path, self.clock).now() - REMEMBERED).timestamp()
        with reading(self.path) as network:
            known = {number: at for number in named.cursors for (at,) in network.execute(_AT, (number,))}
            lost = [number for number in named.cursors if number is not None and number not in known]
            till = {"read": min([cut, *known.values()]), "last": min(lost, default=_ANY)}
            reactions = network.execute(_OLD, {"cut": cut} | till).fetchall()
            stays = named.posts | {own for number, own in reactions if number in named.responses}
            gone = [(number,) for number, own in reactions if number not in named.responses and own not in named.posts]
            posts = [(number,) for (number,) in network.execute(_WORDS, {"cut": cut}) if number not in stays]
        self._in_steps("DELETE FROM reaction WHERE id = ?", gone)
        self._in_steps("UPDATE own SET text = '', folded = '' WHERE id = ?", posts)
        return len(posts)

    def _in_steps(self, statement: str, rows: list[tuple[int]]) -> None:
        for first in range(0, len(rows), _STEP):
            with writing(self.path) as network:
                network.executemany(statement, rows[first : first + _STEP])

    def _give_back(self) -> None:
        with closing(connected(self.path)) as network:
            free, pages = (network.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
            if free * 4 > pages:
                network.execute("VACUUM")


def _named(connection: Connection, now: int) -> _Named:
    """What is gone on from: also by what was rejected, as long as it can be put before a person again."""
    named = _Named()
    in_time = or_(decisions.c.expires.is_(None), decisions.c.expires > now)
    open_ones = or_(
        decisions.c.verdict.in_([Verdict.WAITING, *OPEN]), and_(decisions.c.verdict == Verdict.REJECTED, in_time)
    )
    kinds = decisions.c.kind.in_([SendReply.type_name, LikePost.type_name])
    for (effect,) in connection.execute(select(decisions.c.effect).where(open_ones, kinds)):
        named.responses.add(response_number(str(msgspec.json.decode(effect).get("response", ""))))
    for (position,) in connection.execute(select(processes.c.position).where(processes.c.position.is_not(None))):
        known = _bookmark(position)
        waiting = (each.response for each in known.waiting)
        named.cursors.add(response_number(known.cursor))
        named.responses.update(map(response_number, (*known.backlog, *waiting)))
        named.posts.update(own_number(each.post) for each in known.watched)
    return named


def _bookmark(position: str) -> Bookmark:
    """Where a campaign has come to; an empty one for what is no campaign's."""
    try:
        return msgspec.json.decode(position, type=Bookmark)
    except msgspec.ValidationError:
        return Bookmark()
