"""The ledger over the years: old decisions are kept in short, and those whose cause cannot come again may go.

What waits, what nobody knows the outcome of, and what a person decided stay as they are. Of what is kept in short the
key and the verdict stay, so that its cause still finds that it was met, and so do the act and its outcome, by which
it is taken back and by which books that are lost are written again. Functions here are pieces of a transaction or
only read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, literal_column, or_, select

from services.core.decisions.decision import Verdict
from services.core.events.micros import from_micros, to_micros
from services.core.journal import Transaction
from services.core.store.facts import fact, keep_fact
from services.core.store.prefixes import begins
from services.core.store.schema import decisions

IN_SHORT = "no longer kept: of old decisions the reasons and the evidence are cleared, what came of them stays"
"""What stands in place of the reasons."""
NEWEST = 1_000
"""Decisions that no rule removes, however pressed for room: pages have the newest at hand without the store."""
_SETTLED = frozenset({Verdict.DONE, Verdict.NOT_DONE, Verdict.UNDONE, Verdict.EXPIRED})
_AS_ENTERED: tuple[ColumnElement[int], ...] = decisions.c.at, literal_column("decisions.rowid")
_REMOVED = "decisions removed"
_IN_SHORT = msgspec.json.encode(IN_SHORT).decode()


@dataclass(frozen=True)
class Over:
    """Decisions of one kind whose keys begin alike, and whose cause is over: the newest was taken at ``newest``."""

    kind: str
    prefix: str
    newest: datetime


class Endings(Protocol):
    """Who knows which causes are over, so that none of them can come again."""

    def over(self, connection: Connection) -> list[Over]:
        """Those that are, the oldest first."""
        ...

    def forget(self, over: Over) -> bool:
        """Have what keeps books of its own drop what it has of one. Comes before the ledger's part goes, which stays
        where this is False: it cannot be now. Blocks."""
        ...

    def give_back(self) -> None:
        """Have the room of what was forgotten given back to the disk. Blocks."""
        ...


class Removed(msgspec.Struct, frozen=True):
    """How many decisions have been removed so far, and when the newest of them was taken."""

    count: int
    newest: datetime


def old(connection: Connection, before: datetime, *, final_only: bool = False) -> list[str]:
    """The settled decisions from before a moment that are still kept in full, oldest first.

    ``final_only`` leaves out those that could still be taken back.
    """
    which = and_(decisions.c.at < to_micros(before), decisions.c.because != _IN_SHORT, _may_shrink())
    if final_only:
        which = and_(which, or_(decisions.c.undoable == 0, decisions.c.verdict != Verdict.DONE))
    return list(connection.execute(select(decisions.c.id).where(which).order_by(*_AS_ENTERED)).scalars())


def condense(tx: Transaction, identities: Sequence[str]) -> int:
    """Keep these in short, but for those that have come to wait meanwhile; tells how many were.

    Each is written anew behind the others: what a row loses in its old place would stay empty for good.
    """
    which = and_(decisions.c.id.in_(identities), _may_shrink())
    rows = [
        dict(row) for row in tx.connection.execute(select(decisions).where(which).order_by(*_AS_ENTERED)).mappings()
    ]
    if rows:
        tx.connection.execute(delete(decisions).where(which))
        tx.connection.execute(insert(decisions), [row | {"because": _IN_SHORT, "evidence": "{}"} for row in rows])
    return len(rows)


def may_go(connection: Connection, over: Over) -> bool:
    """Whether nothing of it is open, or was decided by a person."""
    stays = select(decisions.c.id).where(_of(over), ~_may_shrink()).limit(1)
    return connection.execute(stays).first() is None


def spared_from(connection: Connection) -> datetime | None:
    """From when on decisions are among the newest; None where all are."""
    query = select(decisions.c.at).order_by(decisions.c.at.desc()).offset(NEWEST).limit(1)
    at = connection.execute(query).scalar()
    return None if at is None else from_micros(at)


def remove(tx: Transaction, over: Over, rows: int) -> int:
    """Remove the newest of what is over, at most ``rows``; tells how many went.

    From its end, so that what is left of it at any time is a beginning that adds up.
    """
    newest = select(decisions.c.id).where(_of(over)).order_by(decisions.c.key.desc()).limit(rows)
    gone = tx.connection.execute(delete(decisions).where(decisions.c.id.in_(newest))).rowcount
    if gone:
        before = removed(tx.connection)
        count, last = (before.count, max(before.newest, over.newest)) if before else (0, over.newest)
        keep_fact(tx.connection, _REMOVED, msgspec.json.encode(Removed(count + gone, last)).decode())
    return gone


def removed(connection: Connection) -> Removed | None:
    """What has been removed from the ledger; None while it is whole."""
    text = fact(connection, _REMOVED)
    return msgspec.json.decode(text, type=Removed) if text else None


def _may_shrink() -> ColumnElement[bool]:
    """It is settled, and not by a person."""
    d = decisions.c
    return and_(d.verdict.in_(list(_SETTLED)), d.by != "user", d.changed_by != "user")


def _of(over: Over) -> ColumnElement[bool]:
    return and_(begins(decisions.c.key, over.prefix), decisions.c.kind == over.kind)
