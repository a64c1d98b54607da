"""The list of processes, filtered and searched, from what is or was known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.core.process import State
from services.core.projections.views import View
from services.orchestrator.history.projections import (
    HistoryValue,
    Processes,
    ProcessesValue,
    ProcessRow,
    RunHistory,
    RunRow,
)
from widgets.parts.decisions.words import bounded
from widgets.parts.text.times import clock_time, took
from widgets.states.process_lines import ProcessLine, process_line, told_amiss

FILTERS = (("all", "All"), ("attention", "Attention"))
"""The filters besides the services, by id and as a person reads them."""


@dataclass(frozen=True, slots=True)
class ProcessesState:
    """All that the list shows. ``counts`` are by filter, over all processes, whatever is searched for."""

    lines: tuple[ProcessLine, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    total: int = 0


def processes_state(view: View, wanted: str = "all", search: str = "") -> ProcessesState:
    """Every process that is of the filter and has all words searched for, by service and name."""
    value: ProcessesValue = view.value(Processes)
    last = _last_runs(view.value(RunHistory))
    every = tuple(_line(row, last.get(row.name), view) for row in value.rows)
    words = search.casefold().split()
    shown = (line for line in every if is_of(wanted, line) and _has(line, words))
    services = tuple(dict.fromkeys(row.service for row in value.rows))
    return ProcessesState(tuple(shown), _counts(every, services), services, len(every))


def is_of(wanted: str, line: ProcessLine) -> bool:
    """Whether a process is of a filter: ``all``, ``attention``, or a service."""
    match wanted:
        case "all":
            return True
        case "attention":
            return line.troubled
    return line.service == wanted


def _counts(lines: Iterable[ProcessLine], services: tuple[str, ...]) -> dict[str, int]:
    known = tuple(lines)
    return {wanted: sum(1 for line in known if is_of(wanted, line)) for wanted in ("all", "attention", *services)}


def _line(row: ProcessRow, last: RunRow | None, view: View) -> ProcessLine:
    """When it is due stands in a column of its own here: what is told instead is how it ended last."""
    line = process_line(row, view)
    if row.state is not State.WAITING or line.next is None:
        return line
    ended = last.ended if last is not None else None
    return replace(line, doing=_ended(last, ended, view.at) if last and ended else "has not run yet")


def _ended(run: RunRow, ended: datetime, now: datetime) -> str:
    time = f", took {took(run.seconds)}" if run.seconds is not None else ""
    if run.amiss:
        return bounded(f"{told_amiss(run.detail)} · {clock_time(ended, now)}{time}")
    return bounded(f"{run.result or 'ended'} {clock_time(ended, now)}{time}")


def _last_runs(history: HistoryValue) -> dict[str, RunRow]:
    """The newest run of each process; the history has them newest first."""
    return {row.process: row for row in reversed(history.rows)}


def _has(line: ProcessLine, words: list[str]) -> bool:
    text = f"{line.name} {line.service} {line.word} {line.doing} {line.tip}".casefold()
    return all(word in text for word in words)
