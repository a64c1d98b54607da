"""The orchestrator: the one place that owns every bot, schedule and job; supervision, schedules, commands together."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from services.core.commands import Command, Commands
from services.core.events import Recorded
from services.core.process import ALIVE, State
from services.core.process.context import Order
from services.core.words import shortened
from services.orchestrator.commands import (
    CancelProcess,
    InjectFault,
    KillProcess,
    NoSuchProcess,
    NotNow,
    PauseProcess,
    ResumeProcess,
    RunAnew,
    RunNow,
    SetParameters,
    SkipNext,
    StopService,
)
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import AS_IT_WAS, ProcessDoing
from services.orchestrator.near_names import hint
from services.orchestrator.scheduler import Scheduler
from services.orchestrator.supervision.following import Following
from services.orchestrator.supervision.holds import Held, HeldByGuard, HeldInPart, require_free, stays, stopped
from services.orchestrator.supervision.injection import inject
from services.orchestrator.supervision.obeying import journalled
from services.orchestrator.supervision.parameter_checks import ParameterChecks
from services.orchestrator.supervision.replanning import follow
from services.orchestrator.supervision.running_anew import run_anew
from services.orchestrator.supervision.supervisor import Supervisor
from services.orchestrator.units.backoff import History
from services.orchestrator.units.owed import starts_of
from services.orchestrator.units.records import SAFE_MODE, Records, Remembered
from services.orchestrator.units.unit import Due, Unit

log = logging.getLogger(__name__)
TICK = 1.0
"""Seconds between looks of the watchdog."""
SLEPT = 5.0
"""Seconds by which the wall clock may run ahead of the monotonic before the machine is taken to have slept."""
_TO_GO_ON = ALIVE | {State.BACKOFF}
"""States of which a start of the program makes a run at once, whatever the schedule says."""
_ONE_TRY = Due("one try after it failed", by="watchdog")
_SAFE = "safe mode: it goes on as it was at the next normal start, or once it is resumed"
DOING_EVERY = 2.0
LONGEST_DOING = 200
"""Seconds between two kept tellings of what a process does."""


@dataclass
class Orchestrator:
    """Runs on the core thread; ``start`` and ``stop`` are called through the loop."""

    supervisor: Supervisor
    scheduler: Scheduler
    records: Records
    safe_mode: bool = False
    no_faults: str = "nobody has said that this is development"
    """Why no fault may be injected here; empty where it may."""
    on_tick: Callable[[], None] = lambda: None
    """Called each second after the watchdog: samples are rolled up there."""
    held: Held = lambda name: None
    """Says what has stopped a process and lets only a person set it free."""
    _remembered: dict[str, Remembered] = field(default_factory=dict)
    _epochs: dict[str, int] = field(default_factory=dict)
    """The last epoch of every name that ever ran: one that is removed and comes again must not repeat one."""
    _clocks: tuple[float, float] | None = None

    @property
    def units(self) -> dict[str, Unit]:
        return self.supervisor.units

    def register(self, commands: Commands) -> None:
        """Obey the orchestrator's commands."""
        obeys: dict[type[Command], Callable[[Any, str], None]] = {
            PauseProcess: lambda command, by: self._pause(command.process, by),
            ResumeProcess: lambda command, by: self._resume(command.process, by),
            CancelProcess: lambda command, by: self._each(command.process, self.supervisor.cancel, by),
            StopService: lambda command, by: self._stop_service(command.service, by),
            KillProcess: lambda command, by: self._each(command.process, self._kill, by),
            InjectFault: self._inject,
            SkipNext: lambda command, by: self._skip_next(self._unit(command.process)),
        }
        for kind, obey in obeys.items():
            commands.register(kind, journalled(self.supervisor, obey))
        checks = ParameterChecks(self.supervisor.launcher, self.units)

        def checked(obey: Callable[[Any, str], None], given: str) -> Callable[[Any, str], Future[Any]]:
            go_on = journalled(self.supervisor, obey)
            return lambda told, by: checks.before(told.process, getattr(told, given), lambda: go_on(told, by))

        for run in (RunNow, RunAnew):
            commands.register(run, checked(self._run, "overrides"))
        commands.register(SetParameters, checked(self._set, "parameters"))

    def __post_init__(self) -> None:
        self.following = Following(self.records.journal, self.units, self.supervisor.due)

    def recall(self, remembered: dict[str, Remembered], epochs: dict[str, int]) -> None:
        """Take in what the store knew of processes, before they are defined. Blocks."""
        self._remembered, self._epochs = remembered, epochs
        self.following.recall()

    def define(self, plan: Plan) -> Unit:
        """Take a process in, or its new definition."""
        known = plan.name in self.units
        unit = self.supervisor.add(plan)
        if not known:
            self._restore(unit)
        self.records.parameters(unit)
        self.scheduler.plan(unit)
        self.following.keep()  # what was before concerns no trigger that is new
        return unit

    def start(self, plans: Sequence[Plan]) -> None:
        """Define and begin all; what was paused stays paused, what ran runs again."""
        self.supervisor.on_idle = self._say_what_it_waits_for
        self.supervisor.on_left = self._forget
        with self.supervisor.step():
            units = [self.define(plan) for plan in plans]
            for unit in units:
                self.begin(unit)
        self._tick()

    def begin(self, unit: Unit) -> None:
        """Bring a newly defined unit to where it stood, or start it."""
        with self.supervisor.step():
            self._begin(unit, self._remembered.get(unit.name))

    def _begin(self, unit: Unit, before: Remembered | None) -> None:
        unit.paused_by, why = self._kept_paused(unit, before)
        if unit.plan.barred:
            unit.queue = starts_of(unit.owed, "it ran before")
            self.supervisor.stand_barred(unit)
        elif unit.paused_by:
            unit.queue = starts_of(unit.owed, "it ran before" if unit.paused_by == SAFE_MODE else "resumed")
            self.supervisor.move(unit, State.PAUSED, why, unit.paused_by)
        elif before is not None:
            self._begin_again(unit, before)
        elif unit.plan.triggers and not unit.plan.at_once:
            self._say_what_it_waits_for(unit)
        else:
            self.supervisor.due(unit, Due("it is new here", by="program"))

    def _kept_paused(self, unit: Unit, before: Remembered | None) -> tuple[str, str]:
        """Who keeps it paused, and why; empty where it may go on. One that is barred is paused once nothing bars it."""
        hold = self.held(unit.name)
        if hold is not None:
            return hold.by, hold.why
        if before is not None and before.paused:
            told = before.because if before.state is State.PAUSED else ""
            return before.paused, AS_IT_WAS if told in ("", "holds at a checkpoint") else told
        if self.safe_mode and not unit.plan.always:
            self.records.set_aside(unit.name, before)
            return SAFE_MODE, _SAFE
        return "", ""

    def _begin_again(self, unit: Unit, before: Remembered) -> None:
        """Bring a unit that may run to where it stood when the program ended."""
        ended = before.state in (State.STOPPED, State.STOPPING) and before.by != "program"  # by hand, or by itself
        unit.paused_by = before.owed.paused_by
        starts = starts_of(before.owed, "it ran before", "user" if unit.paused_by else "program")
        if before.state is State.FAILED:
            unit.history = History(open=True)
            starts = starts_of(before.owed, "one try after it failed", "watchdog") or [_ONE_TRY]
        elif not starts and ended:
            self.supervisor.move(unit, State.STOPPED, before.because, before.by)
            self._say_what_it_waits_for(unit)
            return
        elif not starts and unit.plan.triggers and before.state not in _TO_GO_ON:
            self._say_what_it_waits_for(unit)
            return
        for due in starts or [Due("it ran before", by="program")]:
            self.supervisor.due(unit, due)

    def replan(self, plan: Plan, why: str) -> None:
        """Take in a definition while the program runs: a new process begins, a known one goes on by its new plan."""
        unit = self.units.get(plan.name)
        with self.supervisor.step():
            if unit is None:
                self.begin(self.define(plan))
                return
            before, unit.plan = unit.plan, plan
            self.records.parameters(unit)
            self.scheduler.plan(unit)
            self.following.keep()
            follow(self.supervisor, unit, before, why)

    def remove(self, name: str, by: str) -> None:
        """End a process, and forget it once its last run has ended; its history stays."""
        unit = self._unit(name)
        with self.supervisor.step():
            unit.leaving = by
            self.scheduler.forget(name)
            self.supervisor.cancel(unit, by)
            if not unit.runs:
                self._forget(unit)

    def forget_gone(self) -> None:
        """Forget what was remembered and is defined no more; called when everything has been defined."""
        for name in [name for name in self._remembered if name not in self.units]:
            del self._remembered[name]
            self.records.removed(name, "program")

    def take(self, batch: Sequence[Recorded]) -> None:
        """Look for event triggers in a committed batch. A subscriber of the bus."""
        if not self.supervisor.closing:
            with self.supervisor.step():
                self.following.take(batch)

    def catch_up(self, missed: Sequence[Recorded], upto: int) -> None:
        """Follow the events up to number ``upto`` that an end of the program cut off, then all that come.

        They concern the processes of that time alone. One that safe mode holds has its start wait for it.
        """

        def fire(unit: Unit, due: Due) -> None:
            if unit.name in self._remembered and unit.paused_by == SAFE_MODE:
                unit.queue = unit.queue or [due]
            elif unit.name in self._remembered:
                self.supervisor.due(unit, due)

        with self.supervisor.step():
            self.following.begin(missed, upto, fire)

    def close(self) -> list[Unit]:
        """Begin the end: no new runs, and every run is asked to end; returns the units that still run."""
        self.following.keep()
        self.supervisor.closing = True
        self.scheduler.stop()
        running = [unit for unit in self.units.values() if unit.runs]
        for unit in running:
            for run in unit.runs.values():
                if run.cancelled_at is None:
                    run.cancelled_at, run.asked_by = self.supervisor.clock_now, "program"
                run.control.tell(Order.CANCEL)
                run.runner.tell()
        return running

    def running(self) -> list[str]:
        """Names of the units that have runs."""
        return [unit.name for unit in self.units.values() if unit.runs]

    def paused(self) -> int:
        """How many units are paused."""
        return sum(1 for unit in self.units.values() if unit.state is State.PAUSED)

    def end_all(self) -> None:
        """Kill what did not end."""
        for unit in self.units.values():
            for run in unit.runs.values():
                run.lease.end()
                self.supervisor.launcher.end(run)

    def _tick(self) -> None:
        if not self.supervisor.closing:  # before anything else, so that a fault in one look does not end them all
            # On whole seconds of the wall clock, so that a rolled-up second is one that a person would call so.
            wall = self.supervisor.launcher.clock.now().timestamp()
            self.supervisor.launcher.loop.later(TICK - (wall - round(wall)), self._tick)
        with self.supervisor.step():
            self._notice_sleep()
            if self.records.journal.health.trouble:  # who waits for a full or locked disk is not stalled
                self.supervisor.rebase_beats()
            self.supervisor.watch()
            self._tell_doings()
        self.on_tick()

    def _notice_sleep(self) -> None:
        """One clock jumped: the machine slept, or the wall clock was set."""
        clock = self.supervisor.launcher.clock
        wall, monotonic = clock.now().timestamp(), clock.monotonic()
        if self._clocks is not None:
            passed = monotonic - self._clocks[1]
            ahead = (wall - self._clocks[0]) - passed
            if abs(ahead) > SLEPT or passed > SLEPT + TICK:
                told = f"{passed:.0f} s passed between two looks, {ahead:+.0f} s more on the wall clock"
                log.warning("%s: beats are re-based, schedules looked at anew", told)
                self.supervisor.rebase_beats()
                self.scheduler.clock_stepped(ahead)
        self._clocks = (wall, monotonic)

    def _tell_doings(self) -> None:
        now = self.supervisor.clock_now
        for unit in self.units.values():
            for run in unit.runs.values():
                waiting = run.control.waiting
                doing = f"waiting for {waiting.what}" if waiting else run.control.progress.doing
                doing = shortened(doing, LONGEST_DOING)
                if doing != unit.doing and now - unit.doing_told >= DOING_EVERY:
                    unit.doing, unit.doing_told = doing, now
                    self.records.journal.append(ProcessDoing(unit.name, doing), source=unit.name)

    def _forget(self, unit: Unit) -> None:
        self.units.pop(unit.name, None)
        self._remembered.pop(unit.name, None)
        self._epochs[unit.name] = unit.epoch
        self.records.removed(unit.name, unit.leaving)
        self.supervisor.starts.unblock()

    def _restore(self, unit: Unit) -> None:
        before = self._remembered.get(unit.name)
        unit.epoch = self._epochs.get(unit.name, 0)
        if before is not None:
            unit.epoch = max(unit.epoch, before.epoch)
            unit.restarts, unit.settings, unit.once = before.restarts, before.settings, before.once
            unit.owed = before.owed

    def _say_what_it_waits_for(self, unit: Unit) -> None:
        """An idle unit with triggers waits for the next of them."""
        if not unit.plan.triggers or unit.paused_by or unit.plan.barred or unit.leaving:
            return
        at = self.scheduler.next_of(unit)
        wait = (at - self.supervisor.launcher.clock.now()).total_seconds() if at else 0.0
        self.supervisor.move(unit, State.WAITING, "its schedule", "schedule", until=max(wait, 0.0))

    def _each(self, name: str, act: Callable[[Unit, str], None], by: str) -> None:
        if name != "*":
            act(self._unit(name), by)
            return
        for unit in tuple(self.units.values()):
            try:
                act(unit, by)
            except NotNow as refusal:  # the others are not held up by one that cannot
                log.warning("%s", refusal)

    def _pause(self, name: str, by: str) -> None:
        """Pause one, or all that run or will: what has come to its end is not begun anew by a resume of all."""

        def pause(unit: Unit, by: str) -> None:
            if name != "*" or not unit.is_over:
                self.supervisor.pause(unit, by)

        self._each(name, pause, by)

    def _resume(self, name: str, by: str) -> None:
        """Let one go on, or all that nothing holds; raises ``HeldByGuard`` for those that something does."""
        units = tuple(self.units.values()) if name == "*" else (self._unit(name),)
        held = []
        for unit in units:
            hold = self.held(unit.name)
            if hold is None:
                self.supervisor.resume(unit, by)
            else:
                held.append(stays(unit.name, hold))
        if held:
            told = ". ".join(held)
            raise HeldInPart(f"All others go on. {told}") if len(units) > len(held) else HeldByGuard(told)

    def _kill(self, unit: Unit, by: str) -> None:
        if not unit.runs:
            raise NotNow(f"{unit.name} is {unit.state}: there is no run to kill; 'run-now' starts one")
        self.supervisor.kill(unit, by)

    def _inject(self, command: InjectFault, by: str) -> None:
        if self.no_faults:
            raise NotNow(f"no fault is injected into {command.process}: {self.no_faults}")
        inject(self._unit(command.process), command.fault, by, self.supervisor.kill)

    def _stop_service(self, service: str, by: str) -> None:
        for unit in tuple(self.units.values()):
            if unit.plan.service == service and not unit.is_over:
                self.supervisor.hold(unit, by, stopped(service))

    def _run(self, command: RunNow | RunAnew, by: str) -> None:
        unit = self._unit(command.process)
        if unit.plan.barred:
            raise NotNow(f"{unit.name} cannot run: {unit.plan.barred}")
        anew = isinstance(command, RunAnew)
        reduces = isinstance(command, RunAnew) and command.reduces
        require_free(unit, None if reduces else self.held(unit.name), anew=anew)
        due = Due(f"told to run {'anew' if anew else 'now'}", dict(command.overrides), by)
        (run_anew if anew else Supervisor.run_now)(self.supervisor, unit, due)

    def _skip_next(self, unit: Unit) -> None:
        if not self.scheduler.skip_next(unit):
            raise NotNow(f"{unit.name} has no next time to skip")
        if unit.state is State.WAITING and unit.until is not None:
            self._say_what_it_waits_for(unit)

    def _set(self, command: SetParameters, by: str) -> None:
        unit = self._unit(command.process)
        if command.once:
            unit.once |= command.parameters
        else:
            unit.settings |= command.parameters
        self.records.settings(unit)

    def _unit(self, name: str) -> Unit:
        unit = self.units.get(name)
        if unit is None:
            raise NoSuchProcess(f"no process is called {name!r}; {hint(name, self.units)}")
        return unit
