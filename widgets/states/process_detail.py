"""One process in full, as known at the moment of a view: how it stands and why, and how its runs ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.core.durations import format_duration
from services.core.process import State
from services.core.projections.views import View
from services.orchestrator.events import ITSELF, Result
from services.orchestrator.history.projections import (
    HistoryValue,
    Processes,
    ProcessesValue,
    ProcessRow,
    RunHistory,
    RunRow,
)
from widgets.parts.decisions.words import bounded, who
from widgets.parts.text.times import clock_seconds, clock_time, full_time, took, until
from widgets.states.process_lines import ProcessLine, Shape, process_line, told_amiss, way_on
from widgets.states.process_parameters import ParameterLine, parameter_lines
from widgets.states.rules import RuleLine, rules_watching
from widgets.states.time_left import WINDOW, time_left

_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Figure:
    """A short value by name; ``part`` (0 to 1) is drawn as a bar, ``exactly`` is for who points at it."""

    name: str
    value: str
    part: float | None = None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the history."""

    epoch: int
    when: str
    exactly: str
    why: str
    result: str
    shape: Shape
    took: str
    seconds: float
    detail: str
    traceback: str
    started: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a person should know of a process that failed."""

    what: str
    why: str
    what_to_do: str
    details: str


@dataclass(frozen=True, slots=True)
class ProcessDetail:
    """All that the pane shows. ``under_way`` says whether there is a run that could be killed."""

    line: ProcessLine
    headline: str
    since: str
    since_exactly: str
    texts: tuple[tuple[str, str], ...]
    """Names and sentences: what it does, why it is so, where it stood."""
    figures: tuple[Figure, ...]
    runs: tuple[RunLine, ...]
    under_way: bool
    trouble: Trouble | None = None
    rules: tuple[RuleLine, ...] = ()
    """The rules that watch it."""
    parameters: tuple[ParameterLine, ...] = ()
    older: bool = False
    """There may be runs that are older than these, in the store."""


def process_detail(
    view: View, name: str, older: tuple[RunRow, ...] = (), *, all_known: bool = False
) -> ProcessDetail | None:
    """The process called ``name`` as known at the view's moment, if there is one.

    ``older`` are runs that were read from the store besides; ``all_known`` says that it has no more.
    """
    value: ProcessesValue = view.value(Processes)
    row = value.named(name)
    if row is None:
        return None
    history: HistoryValue = view.value(RunHistory)
    runs, line = _with_older(history.of(name), older if view.live else ()), process_line(row, view)
    return ProcessDetail(
        line,
        _headline(row, line, view.at),
        f"since {clock_time(row.since, view.at)}, {format_duration(max(view.at - row.since, _NOTHING))}",
        full_time(row.since),
        _texts(row, view),
        _figures(row, line, view),
        tuple(_run_line(run, view.at) for run in runs),
        row.state in _RUNNING or any(run.ended is None for run in runs),
        _trouble(row, runs, view.at),
        rules_watching(view, name),
        parameter_lines(row.parameters),
        older=view.live and not all_known and (runs[-1].epoch if runs else row.epoch + 1) > 1,
    )


def _with_older(newest: tuple[RunRow, ...], older: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
    """One history: what the window knows of a run is newer than what was once read of it."""
    known = {run.epoch: run for run in (*older, *newest)}
    return tuple(known[epoch] for epoch in sorted(known, reverse=True))


_NOTHING = timedelta(0)


def _headline(row: ProcessRow, line: ProcessLine, now: datetime) -> str:
    match row.state:
        case State.PAUSED | State.PAUSING | State.STOPPED | State.STOPPING:
            return f"{line.word} by {who(row.by)}"
        case State.BACKOFF if row.until and row.until > now:
            told = until(row.until, now)
            return f"Restarting {told}" if told.startswith("in ") else f"Restarting at {told}"
        case State.WAITING if not row.until and row.because:
            return f"Waiting for {bounded(row.because)}"
    return line.word


def _texts(row: ProcessRow, view: View) -> tuple[tuple[str, str], ...]:
    said = (
        ("Doing now", row.doing_now),
        ("Last run", told_amiss(row.still_amiss) if row.still_amiss else ""),
        ("Why", "" if row.state is State.FAILED else _why(row)),
        ("Next", way_on(row, view)),
        ("Stood at", row.stalled_at),
    )
    return tuple((name, bounded(text, _LONGEST)) for name, text in said if text)


def _why(row: ProcessRow) -> str:
    """The reason with who gave it, where that is not the course of things."""
    told = row.because if row.by in ("", "schedule", "program", ITSELF) else f"{row.because}, by {who(row.by)}"
    return told.removeprefix(", ")


def _figures(row: ProcessRow, line: ProcessLine, view: View) -> tuple[Figure, ...]:
    """Always the same rows in the same places, so that nothing moves while they change."""
    progress = line.progress
    return (
        Figure("Progress", "—" if progress is None else f"{progress:.0%}", progress),
        Figure("Time left", _time_left(row, progress, view)),
        Figure("Next start", _next(row, view.at)),
        Figure("Restarts", f"{row.restarts:,}"),
    )


def _time_left(row: ProcessRow, progress: float | None, view: View) -> str:
    if progress is None or row.state is not State.RUNNING:
        return "—"
    left = time_left(view.series(f"progress:{row.name}", WINDOW), view.at.timestamp())
    return "—" if left is None else f"about {format_duration(left)}"


def _next(row: ProcessRow, now: datetime) -> str:
    if row.until is None or row.until <= now:
        return "—"
    wait = format_duration(row.until - now)
    return f"{clock_seconds(row.until, now)}, in {wait}"


_RUNNING = frozenset({State.STARTING, State.RUNNING, State.PAUSING, State.STALLED, State.STOPPING})
"""A paused process may have a run that holds, or none: its history tells."""


def _trouble(row: ProcessRow, runs: tuple[RunRow, ...], now: datetime) -> Trouble | None:
    if row.state is not State.FAILED:
        return None
    again = f"It is tried again at {clock_time(row.until, now)}. " if row.until and row.until > now else ""
    last = next((run for run in runs if run.result in _BAD), None)
    details = last.traceback or last.detail if last else ""
    why = bounded(row.because, _LONGEST) or "It did not say why"
    return Trouble("It failed", why, f"{again}Mend the cause, then press Run now.", details)


_BAD = frozenset({Result.FAILED, Result.DIED, Result.STALLED, Result.MISCONFIGURED})
_RESULTS: Mapping[Result | None, tuple[str, Shape]] = {
    None: ("Under way", "info"),
    Result.FINISHED: ("Finished", "ok"),
    Result.CANCELLED: ("Cancelled", "idle"),
    Result.FAILED: ("Failed", "bad"),
    Result.MISCONFIGURED: ("Misconfigured", "bad"),
    Result.DIED: ("Died", "bad"),
    Result.STALLED: ("Stalled", "bad"),
    Result.LOST: ("Lost", "warn"),
    Result.SUPERSEDED: ("Superseded", "idle"),
}


def _run_line(run: RunRow, now: datetime) -> RunLine:
    word, shape = _RESULTS[run.result]
    if run.amiss:
        word, shape = bounded(told_amiss(run.detail)), "warn"
    seconds = run.seconds if run.seconds is not None else max(0.0, (now - run.started).total_seconds())
    return RunLine(
        run.epoch,
        clock_seconds(run.started, now),
        full_time(run.started),
        bounded(run.why),
        word,
        shape,
        took(seconds),
        seconds,
        bounded(run.detail, _LONGEST),
        run.traceback,
        run.started,
    )
