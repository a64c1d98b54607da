"""One process in full, as known at the moment of a view: why it is where it is, its schedule, and its runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.core.durations import format_duration
from services.core.process import State
from services.core.views import View
from services.orchestrator.events import Result
from services.orchestrator.projections import HistoryValue, Processes, ProcessesValue, RunHistory, RunRow
from widgets.parts.decision_words import bounded, who
from widgets.parts.times import ago, clock_time, full_time, took, until
from widgets.states.process_lines import ProcessLine, Shape, process_line

_SHAPES: dict[Result, Shape] = {
    Result.FINISHED: "ok",
    Result.CANCELLED: "idle",
    Result.LOST: "warn",
    Result.SUPERSEDED: "idle",
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the history."""

    epoch: int
    started: datetime
    when: str
    why: str
    word: str
    shape: Shape
    took: str
    detail: str
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class ProcessDetail:
    """``facts`` are names and values; ``stalled_at`` is where it stood when it last stalled."""

    line: ProcessLine
    facts: tuple[tuple[str, str], ...]
    stalled_at: str
    runs: tuple[RunLine, ...]


def process_detail(view: View, name: str) -> ProcessDetail | None:
    """The process of this name, or None where the view knows none."""
    processes: ProcessesValue = view.value(Processes)
    history: HistoryValue = view.value(RunHistory)
    row = processes.named(name)
    if row is None:
        return None
    line = process_line(row, view)
    runs = history.of(name)
    facts = [
        ("State", f"{line.word}, by {who(row.by)}"),
        ("Since", f"{clock_time(row.since, view.at)} ({ago(row.since, view.at)})"),
        ("Because", bounded(row.because) or "—"),
    ]
    if row.until is not None:
        facts.append((_UNTIL.get(row.state, "Until"), f"{until(row.until, view.at)} · {full_time(row.until)}"))
    if line.progress is not None:
        facts.append(("Progress", f"{line.progress:.0%}{_eta(line, view)}"))
    facts += [("Restarts", str(row.restarts)), ("Run", f"number {row.epoch}" if row.epoch else "none yet")]
    return ProcessDetail(line, tuple(facts), row.stalled_at, tuple(_run(run, view.at) for run in runs))


_UNTIL = {
    State.BACKOFF: "Tried again",
    State.FAILED: "Tried again",
    State.WAITING: "Next run",
}


def _eta(line: ProcessLine, view: View) -> str:
    """The time left by the pace of the last minutes, where there is one."""
    if line.state is not State.RUNNING or line.progress is None:
        return ""
    known = view.series(f"progress:{line.name}", _PACE_OVER)
    if len(known) < 2 or known[-1].last <= known[0].last or known[-1].at <= known[0].at:
        return ""
    pace = (known[-1].last - known[0].last) / (known[-1].at - known[0].at)
    return f", about {format_duration((1 - line.progress) / pace)} left"


_PACE_OVER = 600
"""Seconds over which the pace is measured."""


def _run(run: RunRow, now: datetime) -> RunLine:
    if run.result is None:
        return RunLine(
            run.epoch,
            run.started,
            clock_time(run.started, now),
            run.why,
            "Running",
            "info",
            took((now - run.started).total_seconds()),
            "",
        )
    return RunLine(
        run.epoch,
        run.started,
        clock_time(run.started, now),
        run.why,
        str(run.result).capitalize(),
        _SHAPES.get(run.result, "bad"),
        took(run.seconds or 0.0),
        bounded(run.detail, 2_000),
        run.traceback,
    )
