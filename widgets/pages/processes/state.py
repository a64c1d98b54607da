"""What the list of processes shows, from what is or was known. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.core.process import State
from services.core.views import View
from services.orchestrator.projections import HistoryValue, Processes, ProcessesValue, ProcessRow, RunHistory, RunRow
from widgets.parts.decision_words import bounded
from widgets.parts.times import clock_time, full_time, took, until
from widgets.states.process_lines import ProcessLine, process_line

FILTERS = (("all", "All"), ("attention", "Attention"))
"""The filters besides the services, by id and as a person reads them."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One process in the list; ``next`` is when it starts by itself, ``note`` what is being done about it."""

    line: ProcessLine
    doing: str
    next: str
    exactly: str
    at: datetime | None
    note: str = ""

    @property
    def name(self) -> str:
        return self.line.name


@dataclass(frozen=True, slots=True)
class ProcessesState:
    """All that the list shows. ``counts`` are by filter, over all processes, whatever is searched for."""

    rows: tuple[Listed, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    total: int = 0


def processes_state(
    view: View, wanted: str = "all", search: str = "", working: Mapping[str, str] | None = None
) -> ProcessesState:
    """Every process that is of the filter and has all words searched for; ``working`` has notes by name."""
    value: ProcessesValue = view.value(Processes)
    lines = {row.name: process_line(row, view) for row in value.rows}
    last = _last_runs(view.value(RunHistory))
    words, notes = search.casefold().split(), working or {}
    rows = (
        _listed(row, lines[row.name], last.get(row.name), view.at, notes.get(row.name, ""))
        for row in value.rows
        if is_of(wanted, lines[row.name]) and _has(row, lines[row.name], words)
    )
    services = tuple(dict.fromkeys(row.service for row in value.rows))
    return ProcessesState(tuple(rows), _counts(lines.values(), services), services, len(value.rows))


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


def _listed(row: ProcessRow, line: ProcessLine, last: RunRow | None, now: datetime, note: str) -> Listed:
    at = row.until if row.until and row.until > now else None
    doing = line.doing
    if row.state is State.WAITING and row.until and last is not None and last.ended is not None:
        doing = _ended_well(last, last.ended, now)  # when it is due stands in a column of its own
    return Listed(line, doing, until(at, now) if at else "", full_time(at) if at else "", at, note)


def _ended_well(run: RunRow, ended: datetime, now: datetime) -> str:
    time = f", took {took(run.seconds)}" if run.seconds is not None else ""
    return bounded(f"{run.result or 'ended'} {clock_time(ended, now)}{time}")


def _last_runs(history: HistoryValue) -> dict[str, RunRow]:
    """The newest run of each process; the history has them newest first."""
    return {row.process: row for row in reversed(history.rows)}


def _has(row: ProcessRow, line: ProcessLine, words: list[str]) -> bool:
    text = f"{row.name} {row.service} {line.word} {line.doing} {row.because}".casefold()
    return all(word in text for word in words)
