"""The ledger as the store has it, part by part from the newest on, however far back; also as it was at a moment."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnClause, ColumnElement, Connection, Row, and_, func, literal_column, or_, select, true

from services.core.decisions import ledger
from services.core.decisions.condensing import removed
from services.core.decisions.conditions import condition
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, as_its_kind_says
from services.core.decisions.wanted import Part, Then, Wanted, fits
from services.core.events.micros import from_micros, to_micros
from services.core.store.schema import decisions

_ROWID: ColumnClause[int] = literal_column("decisions.rowid")
"""Two decisions of one moment stand in the order in which they were entered."""


def part_of(
    connection: Connection,
    wanted: Wanted,
    last: int,
    before: str = "",
    then: Then | None = None,
    at: datetime | None = None,
) -> Part:
    """The newest ``last`` that fit, or those before the decision ``before`` (its id, or the beginning of it).

    ``at`` is when that one was taken, from where it goes on if it is no longer kept; else ``NoSuchDecision``.
    What a person had put off is not told of those that the store alone knows.
    """
    known = true() if then is None else decisions.c.at <= to_micros(then.at)
    place = _place_of(connection, before, at) if before else None
    behind = _behind(place) if place else true()
    settled = known if then is None else and_(known, _unchanged_since(then.at))
    fitting = and_(settled, condition(wanted))
    moved = [] if then is None else _as_they_were(connection, and_(known, ~_unchanged_since(then.at)), then, wanted)
    found = [(row.at, row.place, _row(row)) for row in _rows(connection, and_(fitting, behind), last)]
    late = [each for each in moved if each[:2] < place] if place else moved
    newest = sorted((*found, *late), key=lambda each: each[:2], reverse=True)[:last]
    matching = _count(connection, fitting) + len(moved)
    left = _count(connection, and_(fitting, behind)) + len(late) - len(newest)
    total, back = _count(connection, known), _count(connection, and_(known, behind))
    gone = removed(connection)
    return Part(tuple(row for _at, _place, row in newest), matching, left, total, back, gone.count if gone else 0)


def names_of(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of all decisions, and the processes that took some."""
    kinds = connection.execute(select(decisions.c.kind).distinct().order_by(decisions.c.kind)).scalars()
    processes = connection.execute(select(decisions.c.process).distinct().order_by(decisions.c.process)).scalars()
    return tuple(kinds), tuple(name for name in processes if name)


_Placed = tuple[int, int, DecisionRow]


def _rows(connection: Connection, which: ColumnElement[bool], last: int | None = None) -> list[Row[Any]]:
    query = select(decisions, _ROWID.label("place")).where(which)
    query = query.order_by(decisions.c.at.desc(), _ROWID.desc())
    return list(connection.execute(query.limit(last) if last is not None else query))


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(decisions).where(which)).scalar_one())


def _place_of(connection: Connection, identity: str, at: datetime | None) -> tuple[int, int]:
    try:
        whole = ledger.find(connection, identity).decision.id
    except ledger.NoSuchDecision:
        if at is None:
            raise
        return to_micros(at), 0
    row = connection.execute(select(decisions.c.at, _ROWID).where(decisions.c.id == whole)).one()
    return int(row[0]), int(row[1])


def _behind(before: tuple[int, int]) -> ColumnElement[bool]:
    at, place = before
    return or_(decisions.c.at < at, and_(decisions.c.at == at, place > _ROWID))


def _unchanged_since(moment: datetime) -> ColumnElement[bool]:
    return func.coalesce(decisions.c.changed_at, 0) <= to_micros(moment)


def _as_they_were(connection: Connection, which: ColumnElement[bool], then: Then, wanted: Wanted) -> list[_Placed]:
    """What has changed since the moment, as it was then: few, since nearly all is settled soon."""
    placed = [(row.at, row.place, then.known.get(row.id) or _before(_row(row))) for row in _rows(connection, which)]
    return [each for each in placed if fits(each[2], wanted)]


def _before(row: DecisionRow) -> DecisionRow:
    """A decision that was settled so long before that nobody kept it in mind, and has changed since the moment.

    Only what was done is ever taken back, and only what was not done is ever done after all.
    """
    was = Verdict.DONE if row.verdict in (Verdict.UNDOING, Verdict.UNDONE) else Verdict.NOT_DONE
    if row.verdict is Verdict.WAITING:
        was = Verdict.REJECTED
    return replace(row, verdict=was, why="", changed_by="", changed_at=None, outcome={})


def _row(row: Row[Any]) -> DecisionRow:
    known = DecisionRow(
        row.id,
        from_micros(row.at),
        row.kind,
        row.what,
        row.by,
        row.process,
        msgspec.json.decode(row.because),
        Verdict(row.verdict),
        bool(row.undoable),
        msgspec.json.decode(row.evidence),
        row.why,
        msgspec.json.decode(row.outcome),
        row.changed_by,
        from_micros(row.changed_at) if row.changed_at is not None else None,
        msgspec.json.decode(row.changes),
        expires=from_micros(row.expires) if row.expires is not None else None,
    )
    return as_its_kind_says(known)
