"""The run history as the store has it, however far back: what the newest runs of the window are a part of."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from services.core.events.micros import from_micros
from services.core.store.schema import events, runs
from services.orchestrator.events import Result, RunEnded, RunStarted
from services.orchestrator.history.projections import RunRow

_AT_ONCE = 200
"""Moments looked up by one query: SQLite bounds the number of its parameters."""
Told = dict[tuple[str, int], dict[str, Any]]


def runs_of(connection: Connection, process: str, last: int) -> tuple[RunRow, ...]:
    """The newest ``last`` runs of a process, newest first.

    Why a run began and its traceback stand in the journal; where retention has removed them, they are empty.
    """
    query = select(runs).where(runs.c.process == process).order_by(runs.c.epoch.desc()).limit(last)
    rows = connection.execute(query).all()
    begun = _told(connection, RunStarted.type_name, [row.started for row in rows])
    ended = _told(connection, RunEnded.type_name, [row.ended for row in rows if row.ended is not None])
    return tuple(_row(row, begun, ended) for row in rows)


def _told(connection: Connection, name: str, moments: list[int]) -> Told:
    """What events of a name said, by process and epoch. A run's row has the very moments of its events."""
    found: Told = {}
    for first in range(0, len(moments), _AT_ONCE):
        at = events.c.at.in_(moments[first : first + _AT_ONCE])
        for event in connection.execute(select(events.c.payload).where(at, events.c.name == name)):
            payload = msgspec.json.decode(event.payload)
            found[payload["process"], payload["epoch"]] = payload
    return found


def _row(row: Row[Any], begun: Told, ended: Told) -> RunRow:
    key = (row.process, row.epoch)
    began, end = begun.get(key, {}), ended.get(key, {})
    return RunRow(
        row.process,
        row.epoch,
        began.get("why", ""),
        from_micros(row.started),
        from_micros(row.ended) if row.ended is not None else None,
        Result(row.result) if row.result else None,
        row.detail,
        end.get("seconds", (row.ended - row.started) / 1e6 if row.ended is not None else None),
        end.get("traceback", ""),
        end.get("amiss", False),
    )
