"""What the Processes page, the run history, the alerts and the counts are folded from."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.core.events import Recorded
from services.core.process import State
from services.core.projections.projection import Projection
from services.core.projections.views import View
from services.core.rules.events import RuleMoved
from services.orchestrator.definitions.file_events import FileGone, FileRefused, FileTaken
from services.orchestrator.events import (
    AS_IT_WAS,
    Alert,
    AlertOver,
    ParametersTold,
    ProcessChanged,
    ProcessDoing,
    ProcessRemoved,
    Result,
    RunEnded,
    RunStarted,
    RunsWell,
    StallSeen,
)
from services.orchestrator.history.alerts import AlertList, AlertRow

AT_WORK = frozenset({State.STARTING, State.RUNNING, State.PAUSING, State.STALLED, State.STOPPING})
"""States in which what a run said that it does is what it does."""


class ParameterOrigin(StrEnum):
    """Where the value of a parameter comes from; each wins over those before it."""

    DEFAULT = "default"
    DEFINITION = "definition"
    SET = "set"
    """A person set it, for good."""
    ONCE = "next run only"
    """A person set it for the next run alone."""


@dataclass(frozen=True)
class Parameter:
    """A parameter as the next run gets it: ``value`` as JSON has it."""

    name: str
    value: Any
    origin: ParameterOrigin


@dataclass(frozen=True)
class ProcessRow:
    """One process as it is shown."""

    name: str
    service: str
    state: State
    because: str
    by: str
    since: datetime
    doing: str = ""
    restarts: int = 0
    until: datetime | None = None
    epoch: int = 0
    stalled_at: str = ""
    """Where the work stood when it last stalled."""
    parameters: tuple[Parameter, ...] = ()
    """What its next run is given; required ones that nobody gave are missing."""
    scheduled: bool = False
    """Times make it start."""
    amiss: str = ""
    """What its last run, which finished, found amiss."""
    kind: str = ""
    """``package.module:Class``, or ``file.py:Class`` for a plug-in."""
    began: datetime | None = None
    """When the run that is under way began; None where there is none."""
    one_at_a_time: bool = False
    """No run starts while another is under way."""
    fixed: str = ""
    """Why what defines it cannot be taken away; empty where it can."""

    @property
    def doing_now(self) -> str:
        """What its run said that it does, as long as that is so: while it is held, it does nothing."""
        return self.doing if self.state in AT_WORK and self.began else ""

    @property
    def still_amiss(self) -> str:
        """What its last run found amiss, as long as none runs that may find it mended."""
        return self.amiss if self.state in (State.WAITING, State.STOPPED) else ""


def progress_of(view: View, row: ProcessRow) -> float | None:
    """How far the run that is under way has come, 0 to 1; None where there is none or it did not say."""
    return view.newest(f"progress:{row.name}", row.began) if row.began else None


@dataclass(frozen=True)
class ProcessesValue:
    """All processes, by service and name."""

    rows: tuple[ProcessRow, ...] = ()

    def named(self, name: str) -> ProcessRow | None:
        return next((row for row in self.rows if row.name == name), None)

    def count(self, *states: State) -> int:
        return sum(1 for row in self.rows if row.state in states)


@dataclass
class _Rows:
    rows: dict[str, ProcessRow] = field(default_factory=dict)
    given: dict[str, ParametersTold] = field(default_factory=dict)
    paused: dict[str, datetime] = field(default_factory=dict)
    """Since when a process is paused, also while something else, such as an approval, keeps it from running."""


class Processes(Projection[_Rows, ProcessesValue]):
    """Every process with its state, what it does and why."""

    name = "processes"
    version = 3
    State = _Rows
    handles = (ProcessChanged, ProcessDoing, ProcessRemoved, RunStarted, RunEnded, StallSeen, ParametersTold)

    def fold(self, recorded: Recorded) -> None:
        rows = self.state.rows
        match recorded.event:
            case ProcessChanged() as event:
                row = _changed(rows.get(event.process), event, recorded.at)
                rows[event.process] = _with(row, since=self._since(row))
                if given := self.state.given.get(event.process):
                    rows[event.process] = _with_parameters(rows[event.process], given)
            case ParametersTold() as told:
                given = self.state.given[told.process] = _over(self.state.given.get(told.process), told)
                if told.process in rows:
                    rows[told.process] = _with_parameters(rows[told.process], given)
            case ProcessRemoved(process):
                rows.pop(process, None)
                self.state.given.pop(process, None)
                self.state.paused.pop(process, None)
            case ProcessDoing(process, doing) if process in rows:
                rows[process] = _with(rows[process], doing=doing)
            case RunStarted(process, epoch) if process in rows:
                rows[process] = _with(rows[process], epoch=epoch, doing="", began=recorded.at)
            case RunEnded(process) as ended if process in rows:
                rows[process] = _after(rows[process], ended)
            case StallSeen(process, _, _, frame) if process in rows:
                rows[process] = _with(rows[process], stalled_at=frame)

    def _since(self, row: ProcessRow) -> datetime:
        """When it came to its state; one that is paused again as it was is so since it was paused."""
        paused = self.state.paused
        if row.state in (State.STARTING, State.RUNNING):
            paused.pop(row.name, None)
        if row.state is not State.PAUSED:
            return row.since
        if row.because != AS_IT_WAS:
            paused[row.name] = row.since
        return paused.setdefault(row.name, row.since)

    def value(self) -> ProcessesValue:
        return ProcessesValue(tuple(sorted(self.state.rows.values(), key=lambda row: (row.service, row.name))))


@dataclass(frozen=True)
class RunRow:
    """One run in the history."""

    process: str
    epoch: int
    why: str
    started: datetime
    ended: datetime | None = None
    result: Result | None = None
    detail: str = ""
    seconds: float | None = None
    traceback: str = ""
    amiss: bool = False
    """Its detail tells of something wrong that it found, though it finished."""


@dataclass(frozen=True)
class HistoryValue:
    """The newest runs, newest first."""

    rows: tuple[RunRow, ...] = ()

    def of(self, process: str) -> tuple[RunRow, ...]:
        return tuple(row for row in self.rows if row.process == process)


@dataclass
class _Runs:
    rows: list[RunRow] = field(default_factory=list)


class RunHistory(Projection[_Runs, HistoryValue]):
    """The last runs of all processes; older ones are in the store."""

    name = "run history"
    State = _Runs
    handles = (RunStarted, RunEnded)
    KEPT = 300

    def fold(self, recorded: Recorded) -> None:
        rows = self.state.rows
        match recorded.event:
            case RunStarted(process, epoch, why):
                rows.append(RunRow(process, epoch, why, recorded.at))
                del rows[: -self.KEPT]
            case RunEnded() as event:
                for index in range(len(rows) - 1, -1, -1):
                    if (rows[index].process, rows[index].epoch) == (event.process, event.epoch):
                        rows[index] = _ended(rows[index], event, recorded.at)
                        break

    def value(self) -> HistoryValue:
        return HistoryValue(tuple(reversed(self.state.rows)))


@dataclass(frozen=True)
class PulseValue:
    """What happened lately: runs done, errors, alerts."""

    runs_finished: int = 0
    runs_failed: int = 0
    error_times: tuple[datetime, ...] = ()
    finish_times: tuple[datetime, ...] = ()
    alerts: tuple[AlertRow, ...] = ()

    def errors_since(self, moment: datetime) -> int:
        return sum(1 for at in self.error_times if at >= moment)

    def finished_since(self, moment: datetime) -> int:
        return sum(1 for at in self.finish_times if at >= moment)


_FAILURES = frozenset({Result.FAILED, Result.DIED, Result.STALLED, Result.MISCONFIGURED})


@dataclass
class _Pulse:
    finished: int = 0
    failed: int = 0
    errors: list[datetime] = field(default_factory=list)
    finishes: list[datetime] = field(default_factory=list)
    alerts: AlertList = field(default_factory=AlertList)


class Pulse(Projection[_Pulse, PulseValue]):
    """Counts of what ended well and badly, and the newest alerts, as long as there is something to them.

    An alert about a file goes once the file is mended or gone, one about a process once that is removed, one of a rule
    with the incident, and one about failures once the process runs well again or a person ends it.
    """

    name = "pulse"
    version = 3
    State = _Pulse
    handles = (
        RunEnded,
        RunsWell,
        ProcessChanged,
        RuleMoved,
        Alert,
        AlertOver,
        FileTaken,
        FileRefused,
        FileGone,
        ProcessRemoved,
    )
    KEPT = 500

    def fold(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, RunEnded):
            self._count(recorded.event.result, recorded.at)
        alerts = self.state.alerts
        match recorded.event:
            case Alert() as alert:
                alerts.tell(alert, recorded.at)
            case RuleMoved() as moved:
                alerts.follow(moved)
            case (
                RunEnded(process, _, Result.FINISHED)
                | RunsWell(process)
                | ProcessChanged(process, _, State.STOPPED, _, "user")
            ):
                alerts.runs_well(process)
            case AlertOver() as over:
                alerts.end(over)
            case FileTaken(about) | FileRefused(about) | FileGone(about) | ProcessRemoved(about):
                # A version that is refused as well brings its own alert with it.
                alerts.over(lambda alert: alert.about == about)

    def _count(self, result: Result, at: datetime) -> None:
        state = self.state
        if result is Result.FINISHED:
            state.finished += 1
            state.finishes = [*state.finishes, at][-self.KEPT :]
        elif result in _FAILURES:
            state.failed += 1
            state.errors = [*state.errors, at][-self.KEPT :]

    def value(self) -> PulseValue:
        state = self.state
        return PulseValue(
            state.finished,
            state.failed,
            tuple(state.errors),
            tuple(state.finishes),
            tuple(reversed(state.alerts.rows)),
        )


def _changed(row: ProcessRow | None, event: ProcessChanged, at: datetime) -> ProcessRow:
    kept = row or ProcessRow(event.process, event.service, event.state, "", "", at)
    since = kept.since if kept.state is event.state else at
    return _with(
        kept,
        service=event.service,
        state=event.state,
        because=event.because,
        by=event.by,
        since=since,
        restarts=event.restarts,
        until=event.until,
        scheduled=event.scheduled,
    )


def _after(row: ProcessRow, ended: RunEnded) -> ProcessRow:
    """What an ended run said that it does is over; one that began after it goes on."""
    found = _with(row, amiss=ended.detail if ended.amiss else "")
    return _with(found, doing="", began=None) if ended.epoch == row.epoch else found


def _over(before: ParametersTold | None, told: ParametersTold) -> ParametersTold:
    """What was told before, with the layers that were told now."""
    if before is None or (told.kind is not None and told.kind != before.kind):
        return told
    return ParametersTold(
        told.process,
        told.kind if told.kind is not None else before.kind,
        told.defaults if told.defaults is not None else before.defaults,
        told.definition if told.definition is not None else before.definition,
        told.settings if told.settings is not None else before.settings,
        told.once if told.once is not None else before.once,
        told.one_at_a_time if told.one_at_a_time is not None else before.one_at_a_time,
        told.fixed if told.fixed is not None else before.fixed,
    )


def _with_parameters(row: ProcessRow, given: ParametersTold) -> ProcessRow:
    layers = zip(ParameterOrigin, (given.defaults, given.definition, given.settings, given.once), strict=True)
    found = {name: Parameter(name, value, origin) for origin, layer in layers for name, value in (layer or {}).items()}
    one, fixed = bool(given.one_at_a_time), given.fixed or ""
    return _with(row, parameters=tuple(found.values()), kind=given.kind or "", one_at_a_time=one, fixed=fixed)


def _with(row: ProcessRow, **values: Any) -> ProcessRow:
    return replace(row, **values)


def _ended(row: RunRow, event: RunEnded, at: datetime) -> RunRow:
    return RunRow(
        row.process,
        row.epoch,
        row.why,
        row.started,
        at,
        event.result,
        event.detail,
        event.seconds,
        event.traceback,
        event.amiss,
    )
