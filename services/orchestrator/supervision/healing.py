"""Healing: what the watchdog does with runs that are silent, do not end when asked, or have failed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from services.core.process import State
from services.core.process.context import Order
from services.orchestrator.events import NOT_WHEN_ASKED, RUN_FAILED, Alert, Result, RunsWell, StallSeen
from services.orchestrator.supervision.launcher import Launcher, thread_name
from services.orchestrator.supervision.watchdog import Silence, silence
from services.orchestrator.units.backoff import History, Intensity, Open, after_failure
from services.orchestrator.units.records import Records, RestartProcess
from services.orchestrator.units.run import Ending, Run
from services.orchestrator.units.unit import Due, Unit

log = logging.getLogger(__name__)
STOP_GRACE = 5.0
"""Seconds between asking a run to end and ending it, unless it takes longer in its own way."""
_BEYOND = 1.0
"""Seconds beyond a run's own grace, in which it ends by itself what did not end within that."""
KILL_GRACE = 5.0
"""Seconds between ending a run by force and going on without it."""


class Move(Protocol):
    """Brings a unit to a state; ``until`` is in seconds from now."""

    def __call__(self, unit: Unit, state: State, because: str = "", by: str = "", until: float = 0) -> None: ...


@dataclass
class Healing:
    """Gives up what does not live and brings back what failed. On the core thread alone."""

    launcher: Launcher
    records: Records
    move: Move
    start: Callable[[Unit, Due], Any]
    ended: Callable[[Run, Ending], None]
    beats_again: Callable[[Unit], None]
    overall: Intensity = field(default_factory=Intensity)
    rng: Random = field(default_factory=Random)
    everyone: History = field(default_factory=History)

    def look(self, unit: Unit, run: Run, now: float) -> None:
        """Look at one run: a first silence is a stall, a second ends the run, and so does not ending when asked."""
        if run.given_up is not None:
            return
        if run.cancelled_at is not None:
            self._ask_no_more(run, now - run.cancelled_at)
            return
        found = silence(run, unit.state, unit.plan.heartbeat, now)
        if found is not None and run.stalled_at is not None:
            self._stalled(unit, run, found)
        elif found is not None:
            run.stalled_at = now
            run.runner.probe()
            self.move(unit, State.STALLED, f"no beat for {found.silent:.0f} s", "watchdog")
        elif run.stalled_at is not None:
            run.stalled_at = None
            self.beats_again(unit)
        elif not run.well and unit.state is State.RUNNING:
            run.well = now - run.started >= unit.plan.restart.within.total_seconds()
            if run.well:
                self.records.journal.append(RunsWell(unit.name, run.epoch), source=unit.name)

    def _ask_no_more(self, run: Run, asked: float) -> None:
        """End what was asked to so many seconds ago and did not; how it ended is told by itself, if it can be."""
        own = run.runner.grace
        grace = max(STOP_GRACE, own + _BEYOND) if own else STOP_GRACE
        if asked > grace and run.runner.killable and not run.ended_by_force:
            run.ended_by_force = True
            self.launcher.end(run)
        elif asked > grace + (KILL_GRACE if run.ended_by_force else 0):
            self._give_up(run, Ending(Result.CANCELLED, f"{NOT_WHEN_ASKED} and was given up"))

    def failed(self, unit: Unit, run: Run, ending: Ending, seconds: float) -> None:
        """The last run of a unit failed: restart it after a while, unless that was so too often lately."""
        now = self.launcher.clock.monotonic()
        told = ending.detail or str(ending.result)
        again = Due(f"restart after it {ending.result}", run.overrides, "watchdog")
        unit.history, follows = after_failure(
            unit.history, self.everyone, unit.plan.restart, self.overall, now, self.rng
        )
        if isinstance(follows, Open):
            self.records.run_ended(run, ending, seconds)
            alert = Alert(f"{unit.name} failed: {told}; {follows.because}", unit.name, matter=RUN_FAILED)
            self.records.journal.append(alert)
            told = f"{told}; {follows.because}"
            again = Due("one try after it failed", run.overrides, "watchdog")
        else:
            self._count_restart(unit, now)
            restart = RestartProcess(unit.name, run.epoch, f"{ending.result} ({told})")
            self.records.run_ended(run, ending, seconds, restart)
        if unit.paused_by:
            unit.queue.insert(0, again)
            self.move(unit, State.PAUSED, told, unit.paused_by)
            return
        state = State.FAILED if isinstance(follows, Open) else State.BACKOFF
        self.move(unit, state, told, "watchdog", until=max(follows.wait, 0.001))
        self._later(unit, follows.wait, again)

    def _count_restart(self, unit: Unit, now: float) -> None:
        unit.restarts += 1
        unit.history = unit.history.restarted(now, unit.plan.restart.within)
        self.everyone = self.everyone.restarted(now, self.overall.within)

    def _stalled(self, unit: Unit, run: Run, found: Silence) -> None:
        frame = run.runner.where()
        self.records.journal.append(StallSeen(unit.name, run.epoch, round(found.silent, 1), frame), source=unit.name)
        log.error("%s: no beat for %.0f s; it stands at %s", unit.name, found.silent, frame)
        mend = "call context.checkpoint() more often, or give it a longer heartbeat" if unit.plan.is_plugin else ""
        told = f"no beat for {found.silent:.0f} s, stood at {frame}" + (f"; {mend}" if mend else "")
        self._give_up(run, Ending(Result.STALLED, told))

    def _give_up(self, run: Run, ending: Ending) -> None:
        """End what can be ended, withdraw what it intended, then go on as after any end.

        However its worker tells of its end meanwhile, it ended by ``ending``, and not before its acts are settled.
        """
        run.given_up = ending
        run.lease.end()
        run.control.tell(Order.CANCEL)
        self.launcher.end(run)
        self.launcher.workers.abandon(thread_name(run))

        def withdraw() -> None:
            try:
                self.launcher.house.acts.withdraw(run.lease)
            finally:  # where the store does not take it, the next run looks the acts up before it begins
                self.launcher.loop.post(self.ended, run, ending)

        self.launcher.workers.start(f"withdraw {thread_name(run)}", withdraw)

    def _later(self, unit: Unit, wait: float, due: Due) -> None:
        """Try again after ``wait`` seconds, unless something else has happened to the unit by then."""
        unit.retry = due
        marked = (unit.epoch, unit.state)

        def again() -> None:
            if (unit.epoch, unit.state) == marked and not unit.leaving:
                self.start(unit, due)

        self.launcher.loop.later(wait, again)
