"""A host in memory: runs one process by itself, keeping what it was told, for tests of a process alone.

Effects go to real handlers, with the rule of the house: a key that is known finds its outcome instead of acting.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from services.core.clock import Clock, SystemClock
from services.core.decisions.decision import Proposal
from services.core.effects import Effect, Handler, Outcome, Refused, Standing
from services.core.events import Event
from services.core.process import Process
from services.core.process.context import Because, Context, Order, Position
from services.core.process.injection import Fault
from services.core.process.running import Cancelled, Progress, Waiting


class MemoryHost:
    """Implements ``Host`` for one run at a time; ``end_after`` checkpoints the run is told to end."""

    def __init__(
        self,
        handlers: dict[type[Effect], Handler] | None = None,
        end_after: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.handlers = handlers or {}
        self.clock = clock or SystemClock()
        self.end_after = end_after
        self.events: list[Event] = []
        self.samples: dict[str, list[float]] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.acts: list[Effect] = []
        self.proposals: list[Proposal] = []
        self.rewards: list[tuple[str, dict[str, float]]] = []
        self.progress = Progress()
        self.waits: list[str] = []
        self.doings: list[str] = []
        """What was told to be done outside of waits, each once in a row."""
        self.position: Position | None = None
        self.order = Order.GO
        self._beats = 0

    def run(self, process: Process, name: str = "under test") -> None:
        """Run to the end, or until told to end."""
        self._beats, self.order = 0, Order.GO
        context = Context(name, 1, self, self.clock, self.position)
        with suppress(Cancelled):
            process.run(context)
        context.keep()

    @property
    def behind(self) -> bool:
        return False

    def commit(self, events: Sequence[Event], position: Position | None, wait: bool) -> None:
        self.events.extend(type(event).decode(event.encode()) for event in events)
        if position is not None:
            self.position = position

    def fault(self) -> Fault | None:
        return None

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        self.progress = progress
        self._beats += 1
        if waiting:
            self.waits.append(waiting.what)
        elif progress.doing != (self.doings[-1] if self.doings else None):
            self.doings.append(progress.doing)
        if self.end_after is not None and self._beats >= self.end_after:
            self.order = Order.CANCEL

    def sample(self, metric: str, value: float) -> None:
        self.samples.setdefault(metric, []).append(value)

    def act(self, effect: Effect, because: Because) -> Outcome:
        known = self.outcomes.get(effect.key)
        if known is None or known.standing is Standing.NOT_DONE:
            self.acts.append(effect)
            try:
                known = Outcome(Standing.DONE, self.handlers[type(effect)].carry_out(effect))
            except Refused as refusal:
                known = Outcome(Standing.NOT_DONE, why=str(refusal))
            self.outcomes[effect.key] = known
        return known

    def propose(self, proposal: Proposal) -> "Future[str]":
        self.proposals.append(proposal)
        return kept_as(str(len(self.proposals)))

    def learn(
        self,
        learner: str,
        arms: Sequence[str],
        rewards: dict[str, float],
        events: Sequence[Event],
        position: Position | None,
    ) -> dict[str, float]:
        MemoryHost.commit(self, events, position, wait=True)
        self.rewards.append((learner, rewards))
        return {arm: 1 / len(arms) for arm in arms}

    def hold(self) -> None:
        self.order = Order.GO

    def pause_for(self, timeout: float) -> None:
        self.clock.wakeup().wait(min(timeout, 0.01))

    def rouse(self) -> None:
        """It never pauses for long."""


def kept_as(identity: str) -> "Future[str]":
    """A decision that is on disk already."""
    future: Future[str] = Future()
    future.set_result(identity)
    return future


def told(host: MemoryHost, kind: type[Any]) -> list[Any]:
    """The events of one type, in order."""
    return [event for event in host.events if isinstance(event, kind)]
