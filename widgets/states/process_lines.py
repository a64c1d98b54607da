"""One process as a line: its state in a word and a shape, and what it does, waits for or suffers from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.core.process import State
from services.core.projections.views import View
from services.core.rules.standings import RuleStandings, RulesValue
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow, progress_of
from services.orchestrator.history.watched import why_paused
from widgets.parts.decisions.words import bounded, who
from widgets.parts.text.times import clock_time, until

Shape = Literal["ok", "warn", "bad", "info", "idle"]
"""The values of ``Status``."""

_WORDS: dict[State, tuple[str, Shape]] = {
    State.RUNNING: ("Running", "ok"),
    State.WAITING: ("Waiting", "idle"),
    State.STARTING: ("Starting", "info"),
    State.PAUSING: ("Pausing", "idle"),
    State.PAUSED: ("Paused", "idle"),
    State.STALLED: ("Stalled", "bad"),
    State.BACKOFF: ("Restarting", "warn"),
    State.STOPPING: ("Stopping", "info"),
    State.STOPPED: ("Stopped", "idle"),
    State.FAILED: ("Failed", "bad"),
}
HELD = frozenset({State.PAUSING, State.PAUSED})
TROUBLED = frozenset({State.STALLED, State.BACKOFF, State.FAILED})
RUNS = frozenset({State.STARTING, State.RUNNING, State.PAUSING, State.PAUSED, State.STALLED, State.STOPPING})
"""States in which there may be a run to cancel or to kill."""
UNDER_WAY = RUNS - {State.STARTING, State.PAUSED}
"""States in which there is a run for certain: one that starts may wait for room, one that is paused may have none."""
_STAYS = frozenset({State.PAUSED, State.STOPPED, State.FAILED})
"""States that stand while nothing runs."""
CANCELLABLE = (RUNS | {State.BACKOFF, State.FAILED, State.WAITING}) - {State.STOPPING}


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """``doing`` is what a person wants to know in this state; ``tip`` the whole of it."""

    name: str
    service: str
    state: State
    word: str
    shape: Shape
    doing: str
    restarts: int
    since: datetime
    progress: float | None = None
    """Of the run that is under way, 0 to 1, where it is known."""
    tip: str = ""
    next: datetime | None = None
    """When it starts by itself, if a time says so."""
    scheduled: bool = False
    """Times make it start, so that the next one can be left out."""
    amiss: str = ""
    """What its last run found amiss, while it is not running again."""
    next_word: str = ""
    """In a word: ``in 8 s``, a time of today, or a day."""
    stopped: bool = False
    """A rule holds it, and no other person or schedule."""
    one_at_a_time: bool = False
    """No run starts while another is under way."""
    fixed: str = ""
    """Why what defines it cannot be taken away; empty where it can."""

    @property
    def held(self) -> bool:
        """Paused, or asked to be."""
        return self.state in HELD

    @property
    def troubled(self) -> bool:
        """A person may want to look at it."""
        return self.state in TROUBLED or self.stopped or bool(self.amiss)

    @property
    def runs(self) -> bool:
        return self.state in RUNS

    @property
    def cancellable(self) -> bool:
        """There is a run, or a start to come, that can be given up."""
        return self.state in CANCELLABLE


def process_lines(view: View) -> tuple[ProcessLine, ...]:
    """Every process, by service and name."""
    value: ProcessesValue = view.value(Processes)
    return tuple(process_line(row, view) for row in value.rows)


def process_line(row: ProcessRow, view: View) -> ProcessLine:
    """One process as known at the view's moment."""
    word, shape = _face(row.state, view)
    amiss = row.still_amiss
    rules: RulesValue = view.value(RuleStandings)
    stopped = row.state in HELD and rules.keeps(row.name, row.by)
    due = row.until if row.until and row.until > view.at and not view.left else None
    return ProcessLine(
        row.name,
        row.service,
        row.state,
        word,
        "warn" if amiss or stopped else shape,
        bounded(f"{told_amiss(amiss)} · {_doing(row, view)}" if amiss else _doing(row, view)),
        row.restarts,
        row.since,
        progress_of(view, row),
        bounded(". ".join(part for part in (row.because, way_on(row, view)) if part), 2_000),
        due,
        row.scheduled,
        amiss,
        _next_word(due, view.at) if due else "",
        stopped,
        row.one_at_a_time,
        row.fixed,
    )


def _face(state: State, view: View) -> tuple[str, Shape]:
    """Its word and shape; where nothing runs since, none is said to do what it did."""
    word, shape = _WORDS[state]
    if not view.left or state in _STAYS:
        return word, shape
    return ("Paused", "idle") if state is State.PAUSING else (f"Was {word.lower()}", "idle")


def told_amiss(amiss: str) -> str:
    """How a run ended that found something amiss."""
    return f"Finished: {amiss}"


def way_on(row: ProcessRow, view: View) -> str:
    """What a person does next about a process that a rule has paused for good; empty for any other."""
    known: RulesValue = view.value(RuleStandings)
    if _is_free(row, known):
        return f"{who(row.by)} holds it no more: it goes on once you resume it"
    shut = [rule.name for rule, each in known.of(row.name) if each.latched and row.by == f"rule:{rule.name}"]
    return f"look why, re-arm “{shut[0]}” on the Rules page, then resume" if shut and row.state in HELD else ""


def _is_free(row: ProcessRow, rules: RulesValue) -> bool:
    """Whether that is over for which a rule has paused it."""
    return row.state in HELD and row.by.startswith("rule:") and not rules.keeps(row.name, row.by)


def _doing(row: ProcessRow, view: View) -> str:
    now = view.at
    match row.state:
        case State.RUNNING:
            return row.doing_now or row.because
        case State.PAUSED | State.PAUSING:
            why = why_paused(view, row, at_rest=view.left)
            told = f"by {who(row.by)}, {clock_time(row.since, now)}" + (f": {why}" if why else "")
            # What to do stands first, where there is least room.
            if _is_free(row, view.value(RuleStandings)):
                return f"resume it to go on; {told}"
            return f"re-arm on Rules, then resume; {told}" if way_on(row, view) else told
        case State.BACKOFF:
            return f"attempt {row.restarts + 1} {_when(row.until, now)} · {row.because}"
        case State.FAILED:
            return f"{row.because}, tried again {_when(row.until, now)}" if row.until else row.because
        case State.WAITING:
            if view.left:
                return "goes on with the next start"
            return f"next {until(row.until, now)}" if row.until else f"for {row.because or 'what makes it due'}"
        case State.STOPPED:
            return f"{row.because or 'stopped'}, {clock_time(row.since, now)}"
    return row.because


def _when(at: datetime | None, now: datetime) -> str:
    """``in 8 s``, ``at 09:31``; ``soon`` where nobody said."""
    if at is None or at <= now:
        return "soon"
    told = until(at, now)
    return told if told.startswith("in ") else f"at {told}"


def _next_word(at: datetime, now: datetime) -> str:
    """The time of another day is told where there is room."""
    told = until(at, now)
    return told if told.startswith("in ") else told.removesuffix(f" {at.astimezone():%H:%M}")
