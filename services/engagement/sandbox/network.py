"""The sandbox network behind the port: needs no account, key or server, and says everywhere what it is."""

import math
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.core.clock import Clock
from services.core.effects import AT_ONCE
from services.engagement.network import Action, Own, Reception, Response, RuleRefusal
from services.engagement.sandbox.crowd import Crowd, Post, Reaction
from services.engagement.sandbox.passage import Passage, go_on_at, load_passage, set_pace
from services.engagement.sandbox.rules import Request, examine, folded
from services.engagement.sandbox.schema import prepare, reading, writing
from services.engagement.sentiment import compound

SANDBOX = "sandbox (simulated)"
_SPREAD = 2 * 3600.0
"""Seconds in which a post has been seen by two thirds of those who will see it."""
_LATER = "(reaction.at, reaction.id) > ((SELECT at FROM reaction WHERE id = :after), :after)"
_NUMBERED_LATER = "reaction.id > :after"
"""What came after one that is forgotten: its time is known no more, and to begin anew would tell everything twice."""
_OWN, _RESPONSE = "sandbox-post-", "sandbox-response-"


@dataclass(frozen=True)
class DoneBefore:
    """Something that was done on the network, as the house remembers it; its text and target are empty for none."""

    own: str
    action: Action
    at: datetime
    mark: str
    text: str
    target: str
    deleted: bool

    @property
    def number(self) -> int:
        return own_number(self.own) or 0


class SandboxNetwork:
    """A deterministic simulated network in the file at ``path``; implements ``Platform``.

    ``pace`` is how many seconds pass on the network in one real second; None leaves it as the file has it, and a new
    one at real time.
    Reactions are drawn when we act and become visible as the network's time reaches them.
    """

    name = SANDBOX
    simulated = True
    time_label = "sandbox time"
    settling = AT_ONCE
    """It is a file here: an act is in it in one transaction, or never."""

    def __init__(self, path: Path, clock: Clock, pace: float | None = None, seed: int = 1) -> None:
        self._path = path
        self._clock = clock
        prepare(path)
        with writing(path) as connection:
            if pace is not None:
                set_pace(connection, clock, pace)
            connection.execute("INSERT OR IGNORE INTO setting VALUES ('seed', ?)", (str(seed),))
            row = connection.execute("SELECT value FROM setting WHERE name = 'seed'").fetchone()
        self._crowd = Crowd(int(row["value"]))

    def now(self) -> datetime:
        return self._passage().at(self._clock.now())

    def real_seconds(self, span: timedelta) -> float:
        return span.total_seconds() / self._passage().pace

    def post(self, text: str, mark: str) -> Own:
        return self._do(Action.POST, text, None, mark)

    def reply(self, target: str, text: str, mark: str) -> Own:
        return self._do(Action.REPLY, text, response_number(target), mark)

    def like(self, target: str, mark: str) -> Own:
        return self._do(Action.LIKE, "", response_number(target), mark)

    def delete(self, own: str) -> None:
        now = self.now().timestamp()
        change = "UPDATE own SET deleted_at = ? WHERE id = ? AND action != 'like' AND deleted_at IS NULL"
        with writing(self._path) as connection:
            if connection.execute(change, (now, own_number(own))).rowcount == 0:
                raise RuleRefusal("gone", f"there is no post {own} to take back")

    def find(self, mark: str) -> Own | None:
        with reading(self._path) as connection:
            return _find(connection, mark)

    def check(self, action: Action, text: str = "", target: str = "") -> RuleRefusal | None:
        request = Request(action, text, response_number(target), self.now().timestamp())
        with reading(self._path) as connection:
            return examine(connection, request)

    def responses(self, after: str, limit: int) -> list[Response]:
        query = """SELECT reaction.* FROM reaction JOIN own ON own.id = reaction.own
                   WHERE kind IN ('reply', 'mention') AND reaction.at <= :now AND {later}
                   AND (gone_at IS NULL OR gone_at > :now)
                   AND (deleted_at IS NULL OR deleted_at > reaction.at)
                   ORDER BY reaction.at, reaction.id LIMIT :limit"""
        asked = {"now": self.now().timestamp(), "after": response_number(after) or 0, "limit": limit}
        with reading(self._path) as connection:
            known = connection.execute("SELECT 1 FROM reaction WHERE id = :after", asked).fetchone()
            later = _LATER if known else _NUMBERED_LATER
            return [_response(row) for row in connection.execute(query.format(later=later), asked)]

    def response(self, response: str) -> Response | None:
        query = """SELECT * FROM reaction WHERE id = :id AND kind IN ('reply', 'mention') AND at <= :now
                   AND (gone_at IS NULL OR gone_at > :now)"""
        asked = {"id": response_number(response), "now": self.now().timestamp()}
        with reading(self._path) as connection:
            row = connection.execute(query, asked).fetchone()
        return _response(row) if row else None

    def reception(self, post: str) -> Reception:
        now, number = self.now().timestamp(), own_number(post)
        count = "SELECT kind, count(*) AS times FROM reaction WHERE own = ? AND at <= ? GROUP BY kind"
        with reading(self._path) as connection:
            row = connection.execute("SELECT at, views FROM own WHERE id = ?", (number,)).fetchone()
            counts = dict(connection.execute(count, (number, now)).fetchall())
        likes, replies, reposts = (counts.get(kind, 0) for kind in ("like", "reply", "repost"))
        seen = row["views"] * (1 - math.exp(-max(0.0, now - row["at"]) / _SPREAD)) if row else 0
        return Reception(likes, replies, reposts, max(round(seen), likes + replies + reposts))

    def _do(self, action: Action, text: str, target: int | None, mark: str) -> Own:
        """Do it once: check the mark and the rules, write the act, and draw how the crowd will react."""
        now = self.now()
        seen = Post(mark, now, text, compound(text) if text else 0.0)
        with writing(self._path) as connection:
            known = _find(connection, mark)
            if known is not None and known.deleted:
                raise RuleRefusal("gone", "it was posted and taken back")
            if known is not None:
                return known
            refusal = examine(connection, Request(action, text, target, now.timestamp()))
            if refusal is not None:
                raise refusal
            return self._write(connection, action, target, seen)

    def _write(self, connection: sqlite3.Connection, action: Action, target: int | None, seen: Post) -> Own:
        views = self._crowd.views(seen) if action is Action.POST else 0
        row = (seen.mark, action, seen.at.timestamp(), seen.text, folded(seen.text), target, views)
        insert = "INSERT INTO own (mark, action, at, text, folded, target, views) VALUES (?, ?, ?, ?, ?, ?, ?)"
        number = connection.execute(insert, row).lastrowid
        reactions = [_row(number, seen, reaction) for reaction in self._react(connection, action, target, seen)]
        insert = "INSERT INTO reaction (own, kind, at, author, text, gone_at) VALUES (?, ?, ?, ?, ?, ?)"
        connection.executemany(insert, reactions)
        found = _find(connection, seen.mark)
        assert found is not None
        return found

    def _react(self, connection: sqlite3.Connection, action: Action, target: int | None, seen: Post) -> list[Reaction]:
        if action is Action.POST:
            return self._crowd.on_post(seen)
        if action is Action.REPLY:
            row = connection.execute("SELECT author FROM reaction WHERE id = ?", (target,)).fetchone()
            return self._crowd.on_reply(row["author"], seen)
        return []

    @property
    def unused(self) -> bool:
        """Nothing was ever done on it."""
        with reading(self._path) as connection:
            return connection.execute("SELECT 1 FROM own LIMIT 1").fetchone() is None

    def rebuild(self, acts: Iterable[DoneBefore]) -> int:
        """Do again what was done on a network that is lost, each at its own time: the same crowd answers the same.

        Time goes on from the last act, and what was taken back is so from then on. Returns how many; raises
        ``ValueError`` where it is used already, or an act is missing so that the names of the later ones would be
        others. Nothing is written then.
        """
        ordered = sorted(acts, key=lambda act: act.number)
        last = max((act.at for act in ordered), default=self.now())
        with writing(self._path) as connection:
            if connection.execute("SELECT 1 FROM own LIMIT 1").fetchone():
                raise ValueError("it has been used")
            for number, act in enumerate(ordered, 1):
                if act.number != number:
                    raise ValueError(f"nobody remembers {_OWN}{number}")
                seen = Post(act.mark, act.at, act.text, compound(act.text) if act.text else 0.0)
                self._write(connection, act.action, response_number(act.target), seen)
                if act.deleted:
                    connection.execute("UPDATE own SET deleted_at = ? WHERE id = ?", (last.timestamp(), number))
            go_on_at(connection, self._clock, last)
        return len(ordered)

    def _passage(self) -> Passage:
        with reading(self._path) as connection:
            known = load_passage(connection)
        now = self._clock.now()
        return known or Passage(now, now, 1.0)


def _row(own: int | None, seen: Post, reaction: Reaction) -> tuple[object, ...]:
    at = seen.at.timestamp() + reaction.delay
    gone = None if reaction.lasts is None else at + reaction.lasts
    return (own, reaction.kind, at, reaction.author, reaction.text, gone)


def _find(connection: sqlite3.Connection, mark: str) -> Own | None:
    row = connection.execute("SELECT * FROM own WHERE mark = ?", (mark,)).fetchone()
    if row is None:
        return None
    target = f"{_RESPONSE}{row['target']}" if row["target"] is not None else ""
    at = datetime.fromtimestamp(row["at"], UTC)
    deleted = row["deleted_at"] is not None
    return Own(f"{_OWN}{row['id']}", Action(row["action"]), at, mark, row["text"], target, deleted)


def _response(row: sqlite3.Row) -> Response:
    post = f"{_OWN}{row['own']}" if row["kind"] == "reply" else ""
    return Response(f"{_RESPONSE}{row['id']}", datetime.fromtimestamp(row["at"], UTC), row["author"], row["text"], post)


def own_number(name: str) -> int | None:
    """The row behind the name of a post or reply of ours."""
    return _number(name, _OWN)


def response_number(name: str) -> int | None:
    """The row behind the name of a response."""
    return _number(name, _RESPONSE)


def _number(name: str, kind: str) -> int | None:
    """The row behind a name of ours, or None for a name that is not."""
    digits = name.removeprefix(kind)
    return int(digits) if digits.isdecimal() and digits != name else None
