"""The engine: everything but the window, put together. The same in the window, headless and in tests."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.keeping import ABOUT, Keeping
from services.core.clock import Clock
from services.core.commands import Commands
from services.core.decisions.asking_again import AskingAgain
from services.core.decisions.deciding import Deciding
from services.core.decisions.snoozing import bring_back
from services.core.effects import Effect, Handler
from services.core.effects.acts import Acts
from services.core.events.bus import Bus, SubscriberDetached
from services.core.faults import fault_point
from services.core.journal import Journal, JournalClosed, Work
from services.core.logs import LogLine, Redactor
from services.core.loop import CoreLoop
from services.core.projections.kept import Projections
from services.core.projections.projection import Projection
from services.core.projections.views import REMEMBERED, Board, LiveView
from services.core.samples import DAY, MINUTE, Rollup, Samples
from services.core.samples.files import MINUTES, SampleFiles
from services.core.store import Store, open_store
from services.core.store.schema import decisions
from services.core.workers import Workers
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import Alert
from services.orchestrator.history.projections import Pulse
from services.orchestrator.orchestrator import Orchestrator
from services.orchestrator.scheduler import Scheduler
from services.orchestrator.supervision.launcher import Launcher
from services.orchestrator.supervision.supervisor import Supervisor
from services.orchestrator.units.backoff import Intensity
from services.orchestrator.units.host import House, Learn
from services.orchestrator.units.records import Records

log = logging.getLogger(__name__)
PUBLISH_EVERY = 1 / 30
"""Seconds between publications to the screen, at most."""
CLOSE_PATIENCE = 5.0
KILL_PATIENCE = 2.0
"""Seconds for runs that are killed to be gone."""


@dataclass(frozen=True)
class Places:
    """Where the engine keeps things."""

    database: Path
    samples: Path
    backups: Path


@dataclass(frozen=True)
class Closed:
    """How the engine ended: what had to be killed, and whether all reached the disk."""

    killed: tuple[str, ...]
    flushed: bool


@dataclass(eq=False, repr=False)
class Engine:
    """Core and orchestrator, wired. ``open``, then ``start``, then ``close``."""

    places: Places
    clock: Clock
    workers: Workers
    handlers: dict[type[Effect], Handler] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    overall: Intensity = field(default_factory=Intensity)
    safe_mode: bool = False
    patience: float = CLOSE_PATIENCE
    """Seconds that runs get to reach a checkpoint and end with the program; and the store, to take what is queued."""
    hear: Callable[[LogLine], None] = lambda line: None
    """Takes the log lines of child interpreters."""
    redactor: Redactor = field(default_factory=Redactor)
    """Takes secrets out of all words that are kept or told."""
    on_broken: Callable[[str], None] = lambda told: None
    """Told, in whatever thread, that nothing more can be kept, and why."""
    each_second: list[Callable[[], None]] = field(default_factory=list)
    """Called on the core thread after each look of the watchdog."""
    on_rollups: list[Callable[[Sequence[Rollup]], None]] = field(default_factory=list)
    """Given, on the core thread, what was rolled up of the second that is over."""
    bus: Bus = field(init=False, default_factory=Bus)
    samples: Samples = field(init=False, default_factory=Samples)
    files: SampleFiles = field(init=False)
    board: Board = field(init=False, default_factory=Board)
    view: LiveView = field(init=False)
    commands: Commands = field(init=False, default_factory=Commands)
    # There from `open` on
    store: Store = field(init=False)
    loop: CoreLoop = field(init=False)
    journal: Journal = field(init=False)
    keeping: Keeping = field(init=False)
    projections: Projections = field(init=False)
    acts: Acts = field(init=False)
    # There from `assemble` on
    deciding: Deciding = field(init=False)
    lost: list[tuple[str, int]] = field(init=False, default_factory=list)
    """The runs, by process and epoch, that the last end could not write down."""
    _orchestrator: Orchestrator | None = field(init=False, default=None)
    _publishing: bool = field(init=False, default=False)
    _until: float = field(init=False, default=0.0)
    """When the patience of the end is over, on the monotonic clock."""

    def __post_init__(self) -> None:
        self.bus.detached = self._tell_detached
        self.files = SampleFiles(self.places.samples, self._tell_damaged)
        self.view = LiveView(self.board, self.samples, self.clock)

    @property
    def orchestrator(self) -> Orchestrator:
        """What runs the processes; an engine that is only open has none."""
        if self._orchestrator is None:
            raise RuntimeError("the engine is not assembled: nothing runs in it")
        return self._orchestrator

    def open(self, projections: Sequence[Projection[Any, Any]]) -> int:
        """Open the store, begin to write, restore what was shown; returns the events in the journal.

        What fails halfway leaves nothing open; the next try takes another engine.
        """
        self.store = open_store(self.places.database, self.places.backups, self.clock.now)
        self.loop = CoreLoop(self.clock)
        self.journal = Journal(
            self.store,
            self.clock,
            deliver=lambda batch: self.loop.post(self.bus.deliver, batch),
            on_end=lambda told: self.on_broken(told),
            clean=self.redactor.clean,
            hide=self.redactor.hide,
        )
        try:
            self._bring_up(projections)
        except BaseException:
            self.abandon()
            raise
        return self.journal.health.last_seq

    def _bring_up(self, projections: Sequence[Projection[Any, Any]]) -> None:
        self.projections = Projections(self.journal, self.board.publish, soon=self._soon)
        for projection in projections:
            self.projections.add(projection)
        self.projections.restore()
        self.keeping = Keeping(self.journal, self.files)
        if any(projection.name == Pulse.name for projection in projections):
            self.keeping.recall(self.projections.live[Pulse.name].value().alerts)
        self.acts = Acts(self.journal, self.clock, self.handlers)
        fault_point("engine.restored")
        self.journal.start()
        self.loop.start()
        self._recall_samples()
        fault_point("engine.writes")
        self.bus.subscribe("projections", self.projections.take)

    def abandon(self) -> None:
        """Let go of the store and the threads, where nothing runs yet. Blocks."""
        self.journal.close()
        self.loop.stop()
        self.store.close()

    def assemble(self, learn: Learn) -> Orchestrator:
        """Build the orchestrator; nothing runs yet. Blocks on the store."""
        records = Records(self.journal)
        house = House(self.journal, self.samples, self.acts, self.clock, learn, self.hear)
        launcher = Launcher(house, self.loop, self.workers, records)
        supervisor = Supervisor(launcher, records, self.limits, self.overall)
        scheduler = Scheduler(self.clock, self.loop, records, supervisor.due)
        orchestrator = Orchestrator(supervisor, scheduler, records, self.safe_mode, on_tick=self._roll)
        self._orchestrator = orchestrator
        orchestrator.recall(records.remembered(), records.epochs())
        scheduler.recall(records.last_fired())
        self.lost = records.lost_runs()
        orchestrator.register(self.commands)
        self.deciding = Deciding(self.acts, self.journal, self.clock, self.workers)
        self.deciding.register(self.commands)
        self.asking = AskingAgain(self.deciding, self.workers)
        self.each_second.append(self.asking.look)
        self.bus.subscribe("triggers", orchestrator.take)
        return orchestrator

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Where what is done within fails, nothing of what it has set to listen stays: it may be tried again."""
        rollups, seconds = tuple(self.on_rollups), tuple(self.each_second)
        try:
            with self.bus.all_or_nothing():
                yield
        except BaseException:
            self.on_rollups[:], self.each_second[:] = rollups, seconds
            raise

    def start(self, plans: Sequence[Plan]) -> None:
        """Begin all processes. Blocks until they are on their way."""
        self.ask(lambda: self.orchestrator.start(plans))
        self._catch_up()

    def _catch_up(self) -> None:
        """Follow the events whose triggers an end of the program cut off, and from now on all."""
        following = self.orchestrator.following
        names = self.ask(following.names)
        upto = self.journal.health.last_seq
        missed = following.missed(names, upto)
        self.ask(lambda: self.orchestrator.catch_up(missed, upto))

    def ask(self, call: Callable[[], Any]) -> Any:
        """Run something on the core thread and wait for its result. Never from the core or GUI thread."""
        return self.clock.result(self.loop.ask(call))

    def count_decisions(self) -> int:
        """Lines in the ledger. Blocks."""
        with self.store.reading.connect() as connection:
            return connection.execute(select(func.count()).select_from(decisions)).scalar() or 0

    def close(self, last: Work[None] | None = None) -> Closed:
        """End: no new runs, checkpoint and cancel, five seconds, kill, flush. Blocks.

        ``last`` is written after all else, with what is marked as LOST: where it is on disk, the end was a whole one.

        A store that is full or locked has the same five seconds, and one last try: whatever waits for it then ends.
        """
        killed: tuple[str, ...] = ()
        self._until = self.clock.monotonic() + self.patience
        if self._orchestrator is not None:
            self.ask(self.orchestrator.close)
            killed = self._end_runs()
            self.ask(self.orchestrator.scheduler.stop)
            fault_point("engine.runs_ended")
            self._lose_runs()
        self.ask(self.projections.keep)
        if last is not None:
            self.journal.write(last)
        flushed = self.journal.close(self._store_patience)
        if killed and not flushed:  # those that waited for the store end only now
            self._wait_for_runs(KILL_PATIENCE)
        self.loop.stop()
        self.store.close()
        return Closed(killed, flushed)

    @property
    def _store_patience(self) -> float:
        """Seconds that the store still gets: what is left of the end's own where it has taken no writes meanwhile."""
        return max(0.0, self._until - self.clock.monotonic()) if self.journal.health.trouble else self.patience

    def _lose_runs(self) -> None:
        """Mark what did not end as LOST."""
        try:
            self.clock.result(self.orchestrator.records.lose_runs(), self._store_patience)
        except (TimeoutError, JournalClosed):
            log.error("the store takes no writes (%s): ending without them", self.journal.health.trouble)

    def _end_runs(self) -> tuple[str, ...]:
        """Wait until all runs have ended, and kill those that do not; returns whose they were."""
        killed = self._wait_for_runs(self.patience)
        if killed:
            log.warning("ended without waiting for %s", ", ".join(killed))
            self.ask(self.orchestrator.end_all)
            if not self.journal.health.trouble:
                self._wait_for_runs(KILL_PATIENCE)
        return killed

    def _wait_for_runs(self, patience: float) -> tuple[str, ...]:
        """Wait until all runs have ended; returns the names of those that still run then."""
        until = self.clock.monotonic() + patience
        while (running := self.ask(self.orchestrator.running)) and self.clock.monotonic() < until:
            self.clock.wakeup().wait(0.05)
        return tuple(running)

    def _tell_detached(self, event: SubscriberDetached) -> None:
        self.journal.append(event)
        told = f"{event.subscriber} failed again and again and hears no more until the next start: {event.error}"
        self.journal.append(Alert(told, event.subscriber))

    def _soon(self, publish: Callable[[], None]) -> None:
        if not self._publishing:
            self._publishing = True

            def run() -> None:
                self._publishing = False
                publish()

            self.loop.later(PUBLISH_EVERY, run)

    def _roll(self) -> None:
        """Roll up the samples of the second that is over, and keep them through the writer."""
        over = round(self.clock.now().timestamp())
        rolled = self.samples.roll(over - 1)
        if rolled or over % MINUTE == 0:
            self.keeping.keep(rolled, over)
        if over % MINUTE == 0:
            self.asking.expire()
            self.journal.write(bring_back)
        for take in self.on_rollups:
            take(rolled)
        self.keeping.show(self.board.publish)
        for call in self.each_second:
            call()

    def _tell_damaged(self, told: str) -> None:
        self.journal.append(Alert(told, ABOUT))

    def _recall_samples(self) -> None:
        """Take into memory what the live view would know had the program never ended."""
        now = int(self.clock.now().timestamp())
        self.clock.result(self.journal.write(lambda tx: self.files.close(now)))
        recent = now - self.samples.remember
        self.samples.recall(
            self.files.read_all(now - DAY, now - now % MINUTE - 1, MINUTES),
            self.files.read_all(recent - recent % MINUTE, now),
            self.files.last_of_all(now - REMEMBERED, now),
        )
