"""The supervisor: brings units from state to state, by what they are told, what their runs come to, and what is due.

Everything here runs on the core thread and never blocks; runs live in workers and report by posting to the loop.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from services.core.process import PAUSED, TRANSITIONS, State
from services.core.process.context import Order
from services.orchestrator.commands import NotNow
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import ITSELF, NOT_WHEN_ASKED, UNTIL_CHECKPOINT, Result
from services.orchestrator.supervision.healing import Healing
from services.orchestrator.supervision.launcher import Launcher, thread_name
from services.orchestrator.supervision.starts import Starts
from services.orchestrator.triggers import overlap
from services.orchestrator.units.backoff import Intensity, healthy_after
from services.orchestrator.units.owed import owed_to
from services.orchestrator.units.records import SAFE_MODE, Records
from services.orchestrator.units.run import Ending, Run
from services.orchestrator.units.unit import Due, Unit, require_transition

log = logging.getLogger(__name__)
_ASKED_TO_HOLD = frozenset({State.STARTING, State.RUNNING})


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
    closing: bool = False
    _depth: int = 0
    """Steps of the core within each other."""
    on_idle: Callable[[Unit], None] = lambda unit: None
    """Told when a unit has nothing to run; the scheduler then says what it waits for."""
    on_left: Callable[[Unit], None] = lambda unit: None
    """Told when the last run of a removed unit has ended."""

    def __post_init__(self) -> None:
        self.starts = Starts(self.units, self.limits, self._now, self._launch, self._wait, self.due)
        self.healing = Healing(
            self.launcher, self.records, self.move, self._retry, self.ended, self._show, self.overall, self.rng
        )

    @property
    def clock_now(self) -> float:
        return self._now()

    def use(self, limits: Mapping[str, int], overall: Intensity) -> None:
        """Other limits from now on; runs above a lower one go on, and a higher one lets start what waits."""
        self.limits = self.starts.limits = limits
        self.overall = self.healing.overall = overall
        with self.step():
            self.starts.admit()

    @contextmanager
    def step(self) -> Iterator[None]:
        """All that is written within reaches the disk together: after a crash it was done as a whole, or not at all."""
        self._depth += 1
        with self.records.journal.together():
            try:
                yield
            finally:
                self._depth -= 1
                if not (self._depth or self.closing):
                    self._keep_owed()

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
            self.starts.unblock()

    def due(self, unit: Unit, due: Due) -> overlap.Answer:
        """A run is due: start it, queue it, let it replace another, or drop it, by the unit's overlap mode."""
        with self.step():
            return self._due(unit, due)

    def _due(self, unit: Unit, due: Due) -> overlap.Answer:
        if self.closing or unit.plan.barred or unit.leaving:
            return overlap.Answer(overlap.Action.DROP, unit.plan.barred or "nothing is started any more")
        if due.timed and unit.given_up:
            return overlap.Answer(overlap.Action.DROP, "it failed too often, and is tried again by and by")
        paused = unit.state in PAUSED or (unit.state is State.STOPPING and bool(unit.paused_by))
        if due.by == "user" and not unit.runs:
            paused = False
        standing = overlap.Standing(len(unit.runs), len(unit.queue) + self.starts.count(unit), paused)
        answer = overlap.on_due(unit.plan.overlap, standing, unit.plan.most)
        match answer.action:
            case overlap.Action.START:
                self._ask_to_start(unit, due)
            case overlap.Action.QUEUE:
                unit.queue.append(due)
                if not (unit.runs or unit.retry or paused or self.starts.count(unit)):  # nothing will end before it
                    self.start_next(unit)
            case overlap.Action.REPLACE:
                unit.queue.append(due)
                self.tell_all(unit, Order.CANCEL, due.by)
            case overlap.Action.DROP:
                log.info("%s: a run (%s) is dropped: %s", unit.name, due.why, answer.because)
        return answer

    def run_now(self, unit: Unit, due: Due) -> None:
        """Start a run whatever the schedule says, in the place of starts that wait. Raises ``NotNow``."""
        waiting = self.starts.forget(unit)
        answer = self.due(unit, due)
        if answer.action is overlap.Action.DROP:
            for each in waiting:  # what is refused changes nothing
                self.starts.ask(unit, each)
            raise NotNow(f"{unit.name} is not started: {answer.because}")
        if unit.plan.overlap in (overlap.Overlap.QUEUED, overlap.Overlap.PARALLEL):
            for each in waiting:
                self.due(unit, each)

    def pause(self, unit: Unit, by: str) -> None:
        """Ask the runs to hold at their next checkpoint; PAUSED only once they do. Raises ``NotNow``."""
        if unit.runs and not unit.plan.can_pause:
            raise NotNow(f"{unit.name} cannot be suspended on this system; cancel it instead")
        unit.paused_by, unit.paused_for = by, ""
        if unit.runs:
            if unit.state in _ASKED_TO_HOLD:
                self.move(unit, State.PAUSING, UNTIL_CHECKPOINT, by)
            self.tell_all(unit, Order.PAUSE, by)
        elif unit.state is not State.PAUSED or unit.by == SAFE_MODE:
            unit.queue[:0] = self.starts.forget(unit)
            if unit.state is State.BACKOFF:
                unit.queue.insert(0, replace(unit.retry or Due(""), why="resumed", by="watchdog"))
            unit.retry = None
            self.move(unit, State.PAUSED, "nothing of it runs", by)

    def resume(self, unit: Unit, by: str) -> None:
        """Let it go on."""
        unit.paused_by = ""
        if unit.runs and unit.state is not State.STOPPING:
            self.tell_all(unit, Order.GO, by)
            if unit.state is State.PAUSING:
                self.move(unit, State.RUNNING, "resumed", by)
        elif unit.runs or unit.state is not State.PAUSED:
            return
        elif unit.plan.barred:
            self.stand_barred(unit)
        elif unit.plan.triggers and not unit.queue:
            self._idle(unit, "resumed", by)
        else:
            self._ask_to_start(unit, unit.queue.pop(0) if unit.queue else Due("resumed", by=by))

    def cancel(self, unit: Unit, by: str) -> None:
        """End the runs there are; what is scheduled stays scheduled, and what is paused stays paused."""
        self._drop_starts(unit)
        if unit.runs:
            if unit.state is not State.STOPPING:
                self.move(unit, State.STOPPING, "cancelled", by)
            self.tell_all(unit, Order.CANCEL, by)
        elif unit.plan.barred and unit.state is not State.PAUSED:
            self.stand_barred(unit)
        elif unit.state in (State.BACKOFF, State.FAILED, State.WAITING):
            self._idle(unit, "cancelled", by)

    def hold(self, unit: Unit, by: str, why: str) -> None:
        """End the runs there are, and let nothing but a person start another."""
        unit.paused_by, unit.paused_for = by, why
        if unit.runs or unit.plan.barred:
            self.cancel(unit, by)
        else:
            self._drop_starts(unit)
            self.move(unit, State.PAUSED, why, by)

    def _drop_starts(self, unit: Unit) -> None:
        self.starts.forget(unit)
        unit.queue.clear()
        unit.retry = None

    def kill(self, unit: Unit, by: str) -> None:
        """End the runs at once, as if they had died; they are restarted by their policy. Raises ``NotNow``."""
        if not all(run.runner.killable for run in unit.runs.values()):
            raise NotNow(f"{unit.name} runs in a thread of the program, which nothing can kill; cancel it instead")
        for run in tuple(unit.runs.values()):
            run.brought_about = f"killed by {by}"
            self.launcher.end(run)
            log.warning("%s: %s", thread_name(run), run.brought_about)

    def changed(self, run: Run) -> None:
        """A run began, holds, or goes on."""
        unit = self.units.get(run.process)
        if unit is None or run.epoch not in unit.runs or self.closing:
            return
        with self.step():
            self._show(unit)
        run.runner.tell()

    def ended(self, run: Run, ending: Ending) -> None:
        """A run has ended: close its record, then go on by how it ended."""
        with self.step():
            self._ended(run, ending)

    def _ended(self, run: Run, ending: Ending) -> None:
        unit = self.units.get(run.process)
        if unit is None or unit.runs.get(run.epoch) is not run or run.given_up not in (None, ending):
            log.info("%s was waited for no longer, and has ended now: %s", thread_name(run), ending.detail)
            return
        del unit.runs[run.epoch]
        run.lease.end()
        seconds = self._now() - run.started
        if seconds >= healthy_after(unit.plan.heartbeat) or ending.result is Result.FINISHED:
            unit.history = unit.history.healthy()
        if run.cancelled_at is not None and ending.result in (Result.DIED, Result.FAILED):
            ending = Ending(Result.CANCELLED, ending.detail)
        if run.ended_by_force and run.given_up is None and ending.detail and NOT_WHEN_ASKED not in ending.detail:
            ending = replace(ending, detail=f"{NOT_WHEN_ASKED}; {ending.detail}")
        if run.brought_about and ending.is_failure:
            ending = replace(ending, detail=f"{run.brought_about}: {ending.detail}")
        unit.finished = unit.finished or ending.result is Result.FINISHED
        if ending.is_failure and not (unit.runs or unit.leaving or unit.plan.barred or self.closing):
            self.healing.failed(unit, run, ending, seconds)
        else:
            self.records.run_ended(run, _with_who_cancelled(run, ending), seconds)
            self._after(unit, run, ending)
        self.starts.admit()

    def _keep_owed(self) -> None:
        """Keep of every unit what it would have to go on with, where that has changed."""
        waiting = self.starts.waiting()
        for unit in self.units.values():
            owed = owed_to(unit, waiting.get(unit.name, ()))
            if owed != unit.owed:
                unit.owed = owed
                self.records.owed(unit)

    def stand_barred(self, unit: Unit) -> None:
        """Show why nothing of the unit may run: a fault, or what it waits for."""
        unit.queue[:0] = self.starts.forget(unit)  # they wait for that now
        unit.retry = None
        if unit.plan.fault:
            self.move(unit, State.FAILED, unit.plan.fault, "program")
            return
        if unit.state is not State.WAITING and State.WAITING not in TRANSITIONS[unit.state]:
            self.move(unit, State.STOPPED, unit.plan.barred, "program")
        self.move(unit, State.WAITING, unit.plan.awaits, "program")

    def start_next(self, unit: Unit) -> None:
        """Start the first of what waits in the unit's queue."""
        self._ask_to_start(unit, unit.queue.pop(0))

    def tell_all(self, unit: Unit, order: Order, by: str) -> None:
        """Pass an order on to every run of the unit; one that was asked to end is asked nothing else."""
        for run in unit.runs.values():
            if run.cancelled_at is not None:
                continue
            run.asked_by = by
            if order is Order.CANCEL:
                run.cancelled_at = self._now()
            run.control.tell(order)
            run.runner.tell()

    def watch(self) -> None:
        """Look at every run once; called each second."""
        now = self._now()
        for unit in tuple(self.units.values()):
            for run in tuple(unit.runs.values()):
                try:
                    self._watch(unit, run, now)
                except Exception:  # a fault of ours about one unit must not leave the others unwatched
                    log.exception("%s cannot be watched", thread_name(run))

    def rebase_beats(self) -> None:
        """The machine slept, or the store takes no writes: nobody could beat meanwhile."""
        now = self._now()
        for unit in self.units.values():
            for run in unit.runs.values():
                run.control.beat_at = now

    def _watch(self, unit: Unit, run: Run, now: float) -> None:
        run.runner.renew()
        self.healing.look(unit, run, now)
        if unit.state is State.STARTING and run.control.begun and not run.control.holding:
            self.move(unit, State.RUNNING, run.why, run.asked_by)

    def _show(self, unit: Unit) -> None:
        """Bring the state to what the runs are now, of which there may be several."""
        runs = unit.runs.values()
        if not runs or unit.state is State.STOPPING:
            return
        told_to_hold = any(run.control.order is Order.PAUSE for run in runs)
        if told_to_hold and all(run.control.holding for run in runs):
            self.move(unit, State.PAUSED, "holds at a checkpoint", unit.paused_by or "user")
        elif told_to_hold and unit.state in (State.PAUSED, *_ASKED_TO_HOLD):
            self.move(unit, State.PAUSING, UNTIL_CHECKPOINT, unit.paused_by or "user")
        elif unit.state is State.PAUSED and not any(run.control.holding for run in runs):
            self.move(unit, State.RUNNING, "resumed", next(iter(runs)).asked_by or "user")
        elif unit.state is State.STALLED and all(run.stalled_at is None for run in runs):
            self.move(unit, State.RUNNING, "beats again", "watchdog")
            self._show(unit)

    def _after(self, unit: Unit, run: Run, ending: Ending) -> None:
        """A run has ended that nothing needs to heal: go on with what is left of the unit, or with what comes next."""
        misconfigured = ending.result is Result.MISCONFIGURED and not unit.plan.barred
        if unit.runs:
            self._show(unit)
        elif unit.leaving:
            self.on_left(unit)
        elif misconfigured:
            log.error("%s cannot run as it is configured: %s", unit.name, ending.detail)
            self.move(unit, State.FAILED, ending.detail, "watchdog")
        elif self.closing:
            self._after_the_last(unit, run, ending)
        elif unit.plan.barred:
            self.stand_barred(unit)
        elif unit.paused_by:
            why = unit.paused_for or ending.detail or f"its run {ending.result}"
            self.move(unit, State.PAUSED, why, unit.paused_by)
        elif unit.queue:
            self._ask_to_start(unit, unit.queue.pop(0))
        elif unit.plan.goes_on and ending.result is Result.FINISHED:
            self._ask_to_start(unit, Due("goes on", by="program"))
        elif ending.result is Result.CANCELLED:
            self._idle(unit, f"cancelled: {ending.detail}" if ending.detail else "cancelled", unit.by)
        else:
            self._idle(unit, ending.told, ITSELF)

    def _after_the_last(self, unit: Unit, run: Run, ending: Ending) -> None:
        """The program ends: what ran is to run again, so its state stays; but what has come to its end has ended."""
        if ending.result is not Result.FINISHED or unit.plan.goes_on:
            return
        unit.owed = replace(unit.owed, runs=tuple(each for each in unit.owed.runs if each.epoch != run.epoch))
        self.records.owed(unit)
        if not (unit.paused_by or unit.owed.starts):
            self.move(unit, State.STOPPED, ending.told, ITSELF)

    def _idle(self, unit: Unit, because: str, by: str) -> None:
        """Nothing of it runs: stopped, or waiting for what the scheduler says."""
        if unit.state is not State.STOPPED:
            self.move(unit, State.STOPPED, because, by)
        if not self.closing:
            self.on_idle(unit)

    def _retry(self, unit: Unit, due: Due) -> None:
        with self.step():
            self._ask_to_start(unit, due)

    def _ask_to_start(self, unit: Unit, due: Due) -> None:
        if not (self.closing or unit.plan.barred):
            unit.retry = None
            self.starts.ask(unit, due)

    def _launch(self, unit: Unit, due: Due) -> None:
        if unit.state is not State.STARTING:
            self.move(unit, State.STARTING, due.why, due.by)
        run = self.launcher.launch(unit, due, self.ended, self.changed)
        unit.runs[run.epoch] = run
        unit.once = {}
        self.records.parameters(unit)
        unit.doing = ""

    def _wait(self, unit: Unit, what: str) -> None:
        if not unit.runs:
            self.move(unit, State.WAITING, what)

    def _now(self) -> float:
        return self.launcher.clock.monotonic()

    def _from_now(self, seconds: float) -> datetime:
        return self.launcher.clock.now() + timedelta(seconds=seconds)


def _with_who_cancelled(run: Run, ending: Ending) -> Ending:
    """For the history: who had it end, and how it then did."""
    if ending.result is not Result.CANCELLED or not run.asked_by:
        return ending
    return replace(ending, detail=f"cancelled by {run.asked_by}" + (f": {ending.detail}" if ending.detail else ""))
