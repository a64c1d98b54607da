"""What happened when, as marks on the time line: decisions, restarts, failures, alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.projections.views import View
from services.orchestrator.events import Result
from services.orchestrator.history.projections import HistoryValue, Pulse, PulseValue, RunHistory

MOST = 400
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mark:
    """One happening."""

    at: datetime
    kind: Literal["decision", "restart", "failure", "alert"]
    text: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """What is known of the time from ``begin`` to ``end``, oldest mark first."""

    begin: datetime
    end: datetime
    marks: tuple[Mark, ...] = ()


_BAD = frozenset({Result.FAILED, Result.DIED, Result.STALLED, Result.MISCONFIGURED})


def time_line(view: View) -> TimeLine:
    """From the oldest known run or decision on, but a quarter of an hour at least and a week at most."""
    history: HistoryValue = view.value(RunHistory)
    decisions: DecisionsValue = view.value(Decisions)
    pulse: PulseValue = view.value(Pulse)
    runs = [_of_run(row.ended, row.process, row.result) for row in history.rows if row.ended and row.result in _BAD]
    acts = [_of_decision(row.at, row.kind, row.what) for row in decisions.rows]
    alerts = [Mark(row.at, "alert", row.what) for row in pulse.alerts]
    starts = [row.started for row in history.rows]
    oldest = min([view.at, *starts, *(row.at for row in decisions.rows)])
    begin = view.at - min(max(view.at - oldest, SHORTEST), LONGEST)
    marks = sorted((mark for mark in (*runs, *acts, *alerts) if mark.at >= begin), key=lambda mark: mark.at)
    return TimeLine(begin, view.at, tuple(marks[-MOST:]))


def _of_run(ended: datetime, process: str, result: Result | None) -> Mark:
    return Mark(ended, "failure", f"{process} {result}")


def _of_decision(at: datetime, kind: str, what: str) -> Mark:
    return Mark(at, "restart" if kind == "process.restart" else "decision", what)
