"""The scheduler: one timer on the clock, and tables of our own for what is planned and what has fired.

Triggers only say when; whether and how a due run starts is the supervisor's affair.
"""

import logging
from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.core.clock import Clock
from services.core.loop import CoreLoop
from services.core.words import counted
from services.orchestrator.events import Alert
from services.orchestrator.triggers.cron import keeps_to_hours
from services.orchestrator.triggers.misfire import Misfire, due, following
from services.orchestrator.triggers.overlap import Action, Answer
from services.orchestrator.triggers.trigger import (
    Cron,
    Every,
    Once,
    describe,
    first_wait,
    next_deadline,
    next_time,
)
from services.orchestrator.units.records import Records
from services.orchestrator.units.unit import Due, Unit

log = logging.getLogger(__name__)
LONGEST_WAIT = 30.0
"""Seconds between looks at the calendar, however far the next time: the wall clock may be set meanwhile."""


@dataclass
class Planned:
    """When one trigger of one process is due next."""

    unit: Unit
    trigger: Every | Cron | Once
    at: datetime | None
    """The wall time: what decides for calendar triggers, and what is shown for intervals."""
    deadline: float | None = None
    """The monotonic time that decides for intervals, so that a stepped wall clock does not silence them."""
    fired: datetime | None = None
    skip: int = 0

    @property
    def text(self) -> str:
        return describe(self.trigger)

    @property
    def starts_at(self) -> datetime | None:
        """The wall time of its next firing that is not to be skipped."""
        at = self.at
        for _ in range(self.skip):
            at = next_time(self.trigger, at) if at is not None else None
        return at


@dataclass
class Scheduler:
    """Knows what is due when. On the core thread alone."""

    clock: Clock
    loop: CoreLoop
    records: Records
    fire: Callable[[Unit, Due], Answer]
    planned: dict[str, list[Planned]] = field(default_factory=dict)
    _timer: TimerHandle | None = None
    _kept: dict[tuple[str, str], tuple[datetime | None, datetime | None, int]] = field(default_factory=dict)

    def recall(self, kept: dict[tuple[str, str], tuple[datetime | None, datetime | None, int]]) -> None:
        """Take in what the store knew of schedules."""
        self._kept = kept

    def plan(self, unit: Unit) -> None:
        """Plan the unit's timed triggers, going on from what was planned before."""
        before = {entry.text: entry for entry in self.planned.get(unit.name, [])}
        entries = []
        for trigger in unit.plan.triggers:
            if isinstance(trigger, Every | Cron | Once):
                known = before.get(describe(trigger))
                entries.append(known or self._first(unit, trigger))
        self.planned[unit.name] = entries
        self._arm()

    def forget(self, name: str) -> None:
        """Plan nothing more for a process, and remember nothing should the name come again."""
        self.planned.pop(name, None)
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != name}

    def next_of(self, unit: Unit) -> datetime | None:
        """When the unit is due next, if a time says so; what is to be skipped is passed over."""
        times = [entry.starts_at for entry in self.planned.get(unit.name, [])]
        return min((at for at in times if at is not None), default=None)

    def skip_next(self, unit: Unit) -> bool:
        """Leave the next firing out; tells whether there is one."""
        entries = [(at, entry) for entry in self.planned.get(unit.name, []) if (at := entry.starts_at) is not None]
        if not entries:
            return False
        _, entry = min(entries, key=lambda candidate: candidate[0])
        entry.skip += 1
        self._keep(entry)
        return True

    def clock_stepped(self, ahead: float) -> None:
        """The wall clock ran ``ahead`` seconds ahead of the monotonic: the machine slept, or the clock was set.

        What intervals would have fired meanwhile was missed. A clock that was set back silences neither them nor a
        calendar that fires in every hour; one that names its hours fires at each of them once.
        """
        now, monotonic = self.clock.now(), self.clock.monotonic()
        for entry in self._entries():
            if entry.deadline is not None:
                entry.deadline -= max(0.0, ahead)
                entry.at = now + timedelta(seconds=entry.deadline - monotonic)
            elif ahead < 0 and isinstance(entry.trigger, Cron) and not keeps_to_hours(entry.trigger.cron):
                entry.at = next_time(entry.trigger, now)
            self._keep(entry)
        self._look()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _first(self, unit: Unit, trigger: Every | Cron | Once) -> Planned:
        now = self.clock.now()
        planned, fired, skip = self._kept.get((unit.name, describe(trigger)), (None, None, 0))
        if isinstance(trigger, Every):
            wait = first_wait(trigger, planned, now)
            deadline = self.clock.monotonic() + wait.total_seconds()
            entry = Planned(unit, trigger, now + wait, deadline, fired, skip)
        else:
            if isinstance(trigger, Once) and fired is None:
                planned = trigger.at
            entry = Planned(unit, trigger, planned or next_time(trigger, now), None, fired, skip)
        self._keep(entry)
        return entry

    def _look(self) -> None:
        with self.records.journal.together():  # that it has fired, and what that started
            for entry in self._entries():
                self._fire_if_due(entry)
        self._arm()

    def _entries(self) -> list[Planned]:
        return [entry for entries in self.planned.values() for entry in entries]

    def _fire_if_due(self, entry: Planned) -> None:
        now, monotonic = self.clock.now(), self.clock.monotonic()
        if isinstance(entry.trigger, Every):
            if entry.deadline is None or entry.deadline > monotonic + 1e-6:
                return
            planned = now - timedelta(seconds=max(0.0, monotonic - entry.deadline))
            entry.deadline = next_deadline(entry.trigger, entry.deadline, monotonic)
            self._fired(entry, planned, now + timedelta(seconds=entry.deadline - monotonic))
        elif entry.at is not None and entry.at <= now:
            self._fired(entry, entry.at, following(entry.at, now, entry.trigger))

    def _fired(self, entry: Planned, planned: datetime, following: datetime | None) -> None:
        """Its time ``planned`` has come, or went by a while ago: fire as often as its misfire policy says."""
        plan, now = entry.unit.plan, self.clock.now()
        times = due(planned, now, plan.misfire, plan.grace, entry.trigger)
        if not times:
            log.warning("%s: missed %s by %s, skipped", entry.unit.name, planned, now - planned)
        entry.at = following
        entry.fired = times[-1] if times else entry.fired
        firing, entry.skip = times[entry.skip :], max(0, entry.skip - len(times))
        if len(firing) < len(times):
            log.info("%s: %s skipped, as told", entry.unit.name, counted(len(times) - len(firing), "start"))
        self._keep(entry)
        if plan.misfire is Misfire.ALL and times and times[0] > planned:
            told = f"{entry.unit.name}: only the newest {len(times)} of its missed runs count; older ones are left out"
            self.records.journal.append(Alert(told, entry.unit.name))
        dropped = sum(not self._fire(entry.unit, Due(entry.text, timed=True)) for _ in firing)
        if dropped and len(firing) > 1:
            told = f"{entry.unit.name}: {dropped} of {len(firing)} missed runs are not caught up: {plan.most} may wait"
            self.records.journal.append(Alert(told + "; raise 'most' where all of them matter", entry.unit.name))

    def _fire(self, unit: Unit, due: Due) -> bool:
        """Whether the run starts, or waits to."""
        try:
            return self.fire(unit, due).action is not Action.DROP
        except Exception:  # a fault of ours about one unit must not silence the schedules of all
            log.exception("%s is due (%s) and cannot be started", unit.name, due.why)
            return False

    def _arm(self) -> None:
        """Set the one timer to the earliest of all."""
        self.stop()
        now, monotonic = self.clock.now(), self.clock.monotonic()
        waits = [LONGEST_WAIT]
        for entry in self._entries():
            if entry.deadline is not None:
                waits.append(entry.deadline - monotonic)
            elif entry.at is not None:
                waits.append((entry.at - now).total_seconds())
        if len(waits) > 1:
            self._timer = self.loop.later(max(0.0, min(waits)), self._look)

    def _keep(self, entry: Planned) -> None:
        self.records.planned(entry.unit.name, entry.text, entry.at, entry.fired, entry.skip)
