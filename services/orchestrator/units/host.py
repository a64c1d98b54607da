"""The host of a run inside the program: where a context's words become events, samples, acts and positions."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import msgspec

from services.core.clock import Clock
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal
from services.core.effects import Effect, Outcome
from services.core.effects.acts import Acts
from services.core.events import Event
from services.core.journal import Journal, Transaction, Work
from services.core.journal.cleaning import clean_words
from services.core.logs import LogLine
from services.core.process.context import Because, Order, Position
from services.core.process.injection import Fault
from services.core.process.lease import Lease
from services.core.process.running import Progress, Waiting
from services.core.samples import Samples
from services.orchestrator.units.positions import keep_position
from services.orchestrator.units.run import Control

Learn = Callable[[str, Sequence[str], dict[str, float], ledger.Origin, Work[None]], dict[str, float]]
"""Takes rewards of arms in for whoever learned them, in one transaction with the work; gives every arm's weight."""


@dataclass
class House:
    """What every run's host needs of the program."""

    journal: Journal
    samples: Samples
    acts: Acts
    clock: Clock
    learn: Learn
    hear: Callable[[LogLine], None] = lambda line: None
    """Takes the log lines of child interpreters."""


@dataclass
class RunHost:
    """Implements ``Host`` for one run: every word is checked against the lease first."""

    house: House
    lease: Lease
    control: Control
    changed: Callable[[], None]
    """Tells the core that the run now holds, or goes on."""
    backlog: int = 2_000
    """Commits not yet on disk before a run is made to wait for them."""
    parallel: bool = False
    """Other runs of the process may be under way, each with a position of its own."""
    _last: "Future[None] | None" = field(default=None, repr=False)

    @property
    def order(self) -> Order:
        return self.control.order

    @property
    def behind(self) -> bool:
        return self._last is not None and not self._last.done()

    def commit(self, events: Sequence[Event], position: Position | None, wait: bool) -> None:
        """A run that is not behind is let through past any backlog: what it handed over before is on disk."""
        behind, crowded = self.behind, self.house.journal.health.queued > self.backlog
        self._last = self.house.journal.write(self._keeping(events, position))
        if wait or (behind and crowded):
            self.house.clock.result(self._last)

    def _keeping(self, events: Sequence[Event], position: Position | None) -> Work[None]:
        self.lease.check()
        name, epoch = self.lease.process, self.lease.epoch
        kept = self._encoded(position) if position is not None else None

        def work(tx: Transaction) -> None:
            ledger.require_epoch(tx, name, epoch)
            tx.record(*events, source=name)
            if kept is not None:
                keep_position(tx.connection, name, kept, epoch if self.parallel else None)

        return work

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        self.lease.check()
        if progress.fraction is not None and progress.fraction != self.control.progress.fraction:
            self.house.samples.put(f"progress:{self.lease.process}", progress.fraction)
        self.control.beat(progress, waiting)

    def fault(self) -> Fault | None:
        return self.control.take_fault()

    def sample(self, metric: str, value: float) -> None:
        self.lease.check()
        self.house.samples.put(metric, value)

    def act(self, effect: Effect, because: Because) -> Outcome:
        return self.house.acts.act(self.lease, effect, because)

    def propose(self, proposal: Proposal) -> "Future[str]":
        self.lease.check()
        return self.house.acts.put(self._origin, proposal)

    def learn(
        self,
        learner: str,
        arms: Sequence[str],
        rewards: dict[str, float],
        events: Sequence[Event],
        position: Position | None,
    ) -> dict[str, float]:
        return self.house.learn(learner, arms, rewards, self._origin, self._keeping(events, position))

    def _encoded(self, position: Position) -> str:
        hidden = clean_words(plain(position), self.house.journal.hide)
        return msgspec.json.encode(hidden).decode()

    @property
    def _origin(self) -> ledger.Origin:
        name = self.lease.process
        return ledger.Origin(f"process:{name}", name, self.lease.epoch)

    def hold(self) -> None:
        self.control.hold(holding=True)
        self.changed()
        while self.control.order is Order.PAUSE:
            self.control.wakeup.wait()
            self.control.wakeup.clear()
        self.control.hold(holding=False)
        self.changed()

    def pause_for(self, timeout: float) -> None:
        self.control.wakeup.wait(timeout)
        self.control.wakeup.clear()

    def rouse(self) -> None:
        self.control.wakeup.set()


def plain(value: Any) -> Any:
    """A value as JSON's own types."""
    return msgspec.to_builtins(value)
