"""The supervisor: brings units from state to state, by what they are told, what their runs come to, and what is due.

Everything here runs on the core thread and never blocks; runs live in workers and report by posting to the loop.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from services.core.context import Order
from services.core.process import TRANSITIONS, State
from services.orchestrator import admission, overlap
from services.orchestrator.backoff import History, Intensity, Open, after_failure, healthy_after
from services.orchestrator.commands import NotNow
from services.orchestrator.dependencies import waits_for
from services.orchestrator.events import Alert, Result, StallSeen
from services.orchestrator.launcher import Launcher, started, thread_name
from services.orchestrator.plan import Plan
from services.orchestrator.records import Records, RestartProcess
from services.orchestrator.run import Ending, Run
from services.orchestrator.unit import Due, Unit, require_transition
from services.orchestrator.watchdog import Silence, silence

log = logging.getLogger(__name__)
STOP_GRACE = 5.0
"""Seconds between asking a run to end and ending it."""


@dataclass
class Supervisor:
    """All units, and what moves them."""

    launcher: Launcher
    records: Records
    limits: Mapping[str, int]
    """Runs at once for each service; a service without one is not limited."""
    overall: Intensity = field(default_factory=Intensity)
    rng: Random = field(default_factory=Random)
    units: dict[str, Unit] = field(default_factory=dict)
    everyone: History = field(default_factory=History)
    closing: bool = False
    on_idle: Callable[[Unit], None] = lambda unit: None
    """Told when a unit has nothing to run; the scheduler then says what it waits for."""
    on_left: Callable[[Unit], None] = lambda unit: None
    """Told when the last run of a removed unit has ended."""
    _waiting: list[tuple[admission.Start, Unit, Due]] = field(default_factory=list)
    _blocked: list[tuple[Unit, Due]] = field(default_factory=list)

    @property
    def clock_now(self) -> float:
        return self.launcher.clock.monotonic()

    def add(self, plan: Plan) -> Unit:
        """Take a plan in; a known name gets the new plan from its next run on."""
        unit = self.units.get(plan.name)
        if unit is None:
            unit = self.units[plan.name] = Unit(plan)
        else:
            unit.plan = plan
        return unit

    def move(self, unit: Unit, state: State, because: str = "", by: str = "program", until: float = 0) -> None:
        """Bring a unit to ``state``; ``until`` is in seconds from now. On disk before anyone is shown it."""
        require_transition(unit, state)
        moment = self._from_now(until) if until else None
        if (unit.state, unit.because, unit.by) == (state, because, by) and moment is None:
            return
        unit.state, unit.because, unit.by, unit.until = state, because, by, moment
        self.records.moved(unit)
        if unit.ready:
            self._unblock()

    def due(self, unit: Unit, due: Due) -> None:
        """A run is due: start it, queue it, let it replace another, or drop it, by the unit's overlap mode."""
        if self.closing or unit.plan.barred or unit.leaving:
            return
        paused = unit.state is State.PAUSED
        if due.by == "user" and paused and not unit.runs:
            paused = False
        queued = len(unit.queue) + sum(1 for _, other, _ in self._waiting if other is unit)
        standing = overlap.Standing(len(unit.runs), queued, paused)
        answer = overlap.on_due(unit.plan.overlap, standing, unit.plan.most)
        match answer.action:
            case overlap.Action.START:
                self._ask_to_start(unit, due)
            case overlap.Action.QUEUE:
                unit.queue.append(due)
            case overlap.Action.REPLACE:
                unit.queue.append(due)
                self.tell_all(unit, Order.CANCEL, due.by)
            case overlap.Action.DROP:
                log.info("%s: a run (%s) is dropped: %s", unit.name, due.why, answer.because)

    def pause(self, unit: Unit, by: str) -> None:
        """Ask the runs to hold at their next checkpoint; PAUSED only once they do. Raises ``NotNow``."""
        if unit.runs and not unit.plan.can_pause:
            raise NotNow(f"{unit.name} cannot be suspended on this system; cancel it instead")
        unit.paused_by = by
        if unit.runs and unit.state in (State.STARTING, State.RUNNING):
            self.move(unit, State.PAUSING, "until its next checkpoint", by)
            self.tell_all(unit, Order.PAUSE, by)
        elif not unit.runs and unit.state is not State.PAUSED:
            self._forget_starts(unit)
            self.move(unit, State.PAUSED, "nothing of it runs", by)

    def resume(self, unit: Unit, by: str) -> None:
        """Let it go on."""
        unit.paused_by = ""
        if unit.runs and unit.state in (State.PAUSED, State.PAUSING):
            self.tell_all(unit, Order.GO, by)
            if unit.state is State.PAUSING:
                self.move(unit, State.RUNNING, "resumed", by)
        elif unit.state is State.PAUSED and unit.plan.triggers and not unit.queue:
            self._idle(unit, "resumed", by)
        elif unit.state is State.PAUSED:
            self._ask_to_start(unit, unit.queue.pop(0) if unit.queue else Due("resumed", by=by))

    def cancel(self, unit: Unit, by: str) -> None:
        """End the runs there are; what is scheduled stays scheduled."""
        self._forget_starts(unit)
        unit.queue.clear()
        if unit.runs:
            if unit.state is not State.STOPPING:
                self.move(unit, State.STOPPING, "cancelled", by)
            self.tell_all(unit, Order.CANCEL, by)
        elif unit.state in (State.BACKOFF, State.FAILED, State.WAITING):
            self.move(unit, State.STOPPED, "cancelled", by)

    def kill(self, unit: Unit, by: str) -> None:
        """End the runs at once, as if they had died; they are restarted by their policy."""
        for run in tuple(unit.runs.values()):
            run.runner.stop()
            log.warning("%s: killed by %s", thread_name(run), by)

    def changed(self, run: Run) -> None:
        """A run began, holds, or goes on."""
        unit = self.units.get(run.process)
        if unit is None or run.epoch not in unit.runs or self.closing:
            return
        if run.control.holding and unit.state in (State.PAUSING, State.STARTING, State.RUNNING):
            self.move(unit, State.PAUSED, "holds at a checkpoint", unit.paused_by or "user")
        elif not run.control.holding and unit.state is State.PAUSED and run.cancelled_at is None:
            self.move(unit, State.RUNNING, "resumed", run.asked_by or "user")
        run.runner.tell()

    def ended(self, run: Run, ending: Ending) -> None:
        """A run's worker has come back. For one that was given up all is told once its acts are withdrawn."""
        if run.given_up:
            log.info("%s ended after it had been given up: %s", thread_name(run), ending.detail)
        else:
            self._ended(run, ending)

    def _ended(self, run: Run, ending: Ending) -> None:
        """A run has ended: close its record, then go on by how it ended."""
        unit = self.units.get(run.process)
        if unit is None or unit.runs.get(run.epoch) is not run:
            log.info("%s ended after it had been given up: %s", thread_name(run), ending.detail)
            return
        del unit.runs[run.epoch]
        run.lease.end()
        seconds = self.clock_now - run.started
        if seconds >= healthy_after(unit.plan.heartbeat):
            unit.history = unit.history.healthy()
        if run.cancelled_at is not None and ending.result in (Result.DIED, Result.FAILED):
            ending = Ending(Result.CANCELLED, ending.detail)
        if unit.leaving:
            self.records.run_ended(run, ending, seconds)
            if not unit.runs:
                self.on_left(unit)
        elif ending.result in (Result.FINISHED, Result.CANCELLED, Result.SUPERSEDED):
            self.records.run_ended(run, ending, seconds)
            self._after_good(unit, ending)
        elif ending.result is Result.MISCONFIGURED:
            self.records.run_ended(run, ending, seconds)
            self.move(unit, State.FAILED, ending.detail, "watchdog")
        else:
            self._after_failure(unit, run, ending, seconds)
        self._admit()

    def stand_barred(self, unit: Unit) -> None:
        """Show why nothing of the unit may run: a fault, or what it waits for."""
        self._forget_starts(unit)
        if unit.plan.fault:
            self.move(unit, State.FAILED, unit.plan.fault, "program")
            return
        if unit.state is not State.WAITING and State.WAITING not in TRANSITIONS[unit.state]:
            self.move(unit, State.STOPPED, unit.plan.barred, "program")
        self.move(unit, State.WAITING, unit.plan.awaits, "program")

    def tell_all(self, unit: Unit, order: Order, by: str) -> None:
        """Pass an order on to every run of the unit."""
        for run in unit.runs.values():
            run.asked_by = by
            if order is Order.CANCEL and run.cancelled_at is None:
                run.cancelled_at = self.clock_now
            run.control.tell(order)
            run.runner.tell()

    def watch(self) -> None:
        """Look at every run once; called each second."""
        now = self.clock_now
        for unit in tuple(self.units.values()):
            for run in tuple(unit.runs.values()):
                run.runner.renew()
                self._watch(unit, run, now)

    def rebase_beats(self) -> None:
        """The machine slept: nobody could beat meanwhile."""
        now = self.clock_now
        for unit in self.units.values():
            for run in unit.runs.values():
                run.control.beat_at = now

    def _watch(self, unit: Unit, run: Run, now: float) -> None:
        if run.given_up:
            return
        if run.cancelled_at is not None:
            if now - run.cancelled_at > STOP_GRACE:
                self._give_up(unit, run, Ending(Result.CANCELLED, "did not end when asked and was given up"))
            return
        found = silence(run, unit.state, unit.plan.heartbeat, now)
        if found is None:
            self._alive(unit, run)
        elif run.stalled_at is None:
            run.stalled_at = now
            run.runner.probe()
            self.move(unit, State.STALLED, f"no beat for {found.silent:.0f} s", "watchdog")
        else:
            self._stalled(unit, run, found)

    def _alive(self, unit: Unit, run: Run) -> None:
        if run.stalled_at is not None:
            run.stalled_at = None
            if unit.state is State.STALLED:
                self.move(unit, State.RUNNING, "beats again", "watchdog")
        if unit.state is State.STARTING and started(run.control) and not run.control.holding:
            self.move(unit, State.RUNNING, run.why, run.asked_by)

    def _stalled(self, unit: Unit, run: Run, found: Silence) -> None:
        frame = run.runner.where()
        self.records.journal.append(StallSeen(unit.name, run.epoch, round(found.silent, 1), frame), source=unit.name)
        log.error("%s: no beat for %.0f s; it stands at %s", unit.name, found.silent, frame)
        mend = "call context.checkpoint() more often, or give it a longer heartbeat" if unit.plan.is_plugin else ""
        told = f"no beat for {found.silent:.0f} s, stood at {frame}" + (f"; {mend}" if mend else "")
        self._give_up(unit, run, Ending(Result.STALLED, told))

    def _give_up(self, unit: Unit, run: Run, ending: Ending) -> None:
        """End what can be ended, withdraw what it intended, then go on as after any end."""
        run.lease.end()
        run.runner.stop()
        self.launcher.workers.abandon(thread_name(run))

        def withdraw() -> None:
            self.launcher.house.acts.withdraw(run.lease)
            self.launcher.loop.post(self._ended, run, ending)

        run.given_up = True
        run.control.tell(Order.CANCEL)
        self.launcher.workers.start(f"withdraw {thread_name(run)}", withdraw)

    def _after_good(self, unit: Unit, ending: Ending) -> None:
        if ending.result is Result.FINISHED:
            unit.finished = True
        if unit.runs or self.closing:  # what ran when the program ended is to run again: its state stays
            return
        if unit.plan.barred:
            self.stand_barred(unit)
        elif unit.paused_by and unit.state is not State.STOPPING:
            self.move(unit, State.PAUSED, "its run has ended", unit.paused_by)
        elif unit.queue:
            self._ask_to_start(unit, unit.queue.pop(0))
        elif unit.plan.goes_on and ending.result is Result.FINISHED and not self.closing:
            self._ask_to_start(unit, Due("goes on", by="program"))
        elif ending.result is Result.CANCELLED:
            self._idle(unit, ending.detail or "cancelled", unit.by)
        else:
            self._idle(unit, "finished", "program")

    def _after_failure(self, unit: Unit, run: Run, ending: Ending, seconds: float) -> None:
        now = self.clock_now
        unit.history, follows = after_failure(
            unit.history, self.everyone, unit.plan.restart, self.overall, now, self.rng
        )
        told = ending.detail or str(ending.result)
        if self.closing or unit.runs or unit.plan.barred:
            self.records.run_ended(run, ending, seconds)
            if unit.plan.barred and not self.closing and not unit.runs:
                self.stand_barred(unit)
            return
        if isinstance(follows, Open):
            self.records.run_ended(run, ending, seconds)
            self.records.journal.append(Alert(f"{unit.name} failed: {told}; {follows.because}", unit.name))
            self.move(unit, State.FAILED, f"{told}; {follows.because}", "watchdog", until=follows.wait)
            self._later(unit, follows.wait, "one try after it failed")
            return
        unit.restarts += 1
        unit.history = unit.history.restarted(now, unit.plan.restart.within)
        self.everyone = self.everyone.restarted(now, self.overall.within)
        self.records.run_ended(run, ending, seconds, RestartProcess(unit.name, run.epoch, f"{ending.result} ({told})"))
        if unit.paused_by:
            self.move(unit, State.BACKOFF, told, "watchdog")
            self.move(unit, State.PAUSED, told, unit.paused_by)
            return
        self.move(unit, State.BACKOFF, told, "watchdog", until=max(follows.wait, 0.001))
        self._later(unit, follows.wait, f"restart after it {ending.result}")

    def _later(self, unit: Unit, wait: float, why: str) -> None:
        """Try again after ``wait`` seconds, unless something else has happened to the unit by then."""
        marked = (unit.epoch, unit.state)

        def again() -> None:
            if (unit.epoch, unit.state) == marked and self.units.get(unit.name) is unit:
                self._ask_to_start(unit, Due(why, by="watchdog"))

        self.launcher.loop.later(wait, again)

    def _idle(self, unit: Unit, because: str, by: str) -> None:
        """Nothing of it runs: stopped, or waiting for what the scheduler says."""
        if unit.state is not State.STOPPED:
            self.move(unit, State.STOPPED, because, by)
        if not self.closing:
            self.on_idle(unit)

    def _ask_to_start(self, unit: Unit, due: Due) -> None:
        if self.closing or unit.plan.barred:
            return
        after = {name: other.plan.after for name, other in self.units.items()}
        ready = {name for name, other in self.units.items() if other.ready}
        missing = [name for name in waits_for(unit.name, after, ready) if name in self.units]
        if missing and due.by != "user":
            self._blocked.append((unit, due))
            self._wait(unit, f"{', '.join(missing)} to run")
            return
        start = admission.Start(unit.plan.priority, self.clock_now, unit.name, unit.plan.service)
        self._waiting.append((start, unit, due))
        self._admit()

    def _admit(self) -> None:
        """Let those start that may, by priority within each service's limit."""
        running: dict[str, int] = {}
        for unit in self.units.values():
            running[unit.plan.service] = running.get(unit.plan.service, 0) + len(unit.runs)
        admitted = set(admission.admit((start for start, _, _ in self._waiting), running, self.limits))
        going = [entry for entry in self._waiting if entry[0] in admitted]
        self._waiting = [entry for entry in self._waiting if entry[0] not in admitted]
        for _, unit, due in going:
            self._launch(unit, due)
        for _, unit, _ in self._waiting:
            self._wait(unit, f"a place among the runs of {unit.plan.service}")

    def _launch(self, unit: Unit, due: Due) -> None:
        run = self.launcher.launch(unit, due, self.ended, self.changed)
        unit.runs[run.epoch] = run
        unit.once = {}
        unit.doing = ""
        if unit.state is not State.STARTING:
            self.move(unit, State.STARTING, due.why, due.by)
        self.records.run_started(unit, run, self._from_now(self.launcher.lease_seconds))

    def _wait(self, unit: Unit, what: str) -> None:
        if not unit.runs and unit.state is not State.WAITING and State.WAITING in TRANSITIONS[unit.state]:
            self.move(unit, State.WAITING, what)

    def _unblock(self) -> None:
        blocked, self._blocked = self._blocked, []
        for unit, due in blocked:
            self._ask_to_start(unit, due)

    def _forget_starts(self, unit: Unit) -> None:
        self._waiting = [entry for entry in self._waiting if entry[1] is not unit]
        self._blocked = [entry for entry in self._blocked if entry[0] is not unit]

    def _from_now(self, seconds: float) -> datetime:
        return self.launcher.clock.now() + timedelta(seconds=seconds)
