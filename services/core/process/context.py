"""The context: everything a running process may ask of the house, the same in a thread and in a child interpreter."""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from services.core.clock import Clock
from services.core.decisions.decision import Proposal
from services.core.effects import Effect, Outcome
from services.core.events import Event
from services.core.finite import require_finite
from services.core.process.injection import Fault, strike
from services.core.process.running import Cancelled, Progress, Waiting

T = TypeVar("T")
Position = dict[str, Any]
"""Where a run has come to, as JSON: what it needs to go on after a restart."""
LONGEST_POSITION = 8 * 2**20
"""Bytes of a position as JSON. It is written at every checkpoint, and told to a child that goes on from it."""
Because = dict[str, Any] | str
"""Evidence for a decision: named values, or a sentence."""


class PositionTooLong(ValueError):
    """A position is longer than can be kept; the message says how long it is."""


class Order(StrEnum):
    """What a run has been told."""

    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"


class Host(Protocol):
    """What stands behind a context: the orchestrator in this interpreter, or a pipe to it from a child.

    Every call may raise ``Superseded`` when the run has been given up.
    """

    @property
    def order(self) -> Order: ...

    @property
    def behind(self) -> bool:
        """Whether what was handed over to be kept is not on disk yet."""
        ...

    def commit(self, events: Sequence[Event], position: Position | None, wait: bool) -> None:
        """Keep ``events`` and ``position`` in one transaction; ``wait`` until they are on disk."""
        ...

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        """The work loop lives."""
        ...

    def fault(self) -> Fault | None:
        """What is to go wrong here and now, told once."""
        ...

    def sample(self, metric: str, value: float) -> None: ...

    def act(self, effect: Effect, because: Because) -> Outcome: ...

    def propose(self, proposal: Proposal) -> "Future[str]":
        """Put a decision before a person; the future gives its id once it is on disk."""
        ...

    def learn(
        self,
        learner: str,
        arms: Sequence[str],
        rewards: dict[str, float],
        events: Sequence[Event],
        position: Position | None,
    ) -> dict[str, float]:
        """Tell rewards (0 to 1) of arms and get every arm's current weight (they sum to 1).

        ``events`` and ``position`` are kept in one transaction with the rewards.
        """
        ...

    def hold(self) -> None:
        """Say that the run is paused, and return when it has been told something else."""
        ...

    def pause_for(self, timeout: float) -> None:
        """Wait ``timeout`` seconds; return early when the run is told something, or roused."""
        ...

    def rouse(self) -> None:
        """End the pause under way; from any thread."""
        ...


class Context:
    """Handed to ``Process.run``. Not shared between threads."""

    BEAT = 0.25
    """Seconds between heartbeats while the context itself waits."""

    def __init__(
        self,
        name: str,
        epoch: int,
        host: Host,
        clock: Clock,
        position: Position | None = None,
        overrides: dict[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.epoch = epoch
        self.clock = clock
        self.position = position
        self.overrides = overrides or {}
        self.outcome = ""
        """How the run came to its end, in a line; the process says it where that is more than that it has ended."""
        self.amiss = False
        """Whether the outcome tells of something that a person should look at."""
        self.log = logging.getLogger(f"process.{name}")
        self._host = host
        self._pending: list[Event] = []
        self._progress = Progress()
        self._rate = _Rate(clock)
        self._kept = clock.monotonic()
        self._dropped: set[str] = set()

    def emit(self, *events: Event) -> None:
        """Add facts; they are kept at the next checkpoint, in one transaction with the position.

        Raises ``NotFinite`` for a number that cannot be kept, ``MalformedMessage`` for a value that is not what its
        field says: it would be shown now, and be left out when the journal is read again.
        """
        for event in events:
            event.require_read(require_finite(event, event.type_name))
        self._pending.extend(events)

    def sample(self, metric: str, value: float) -> None:
        """Tell a number that streams; the newest wins on its way to the screen, roll-ups are stored.

        What is not finite is left out; the log says so once for each metric.
        """
        if self._finite(metric, value):
            self._host.sample(metric, value)

    def progress(self, done: float, total: float | None = None, doing: str = "") -> None:
        """Say how far the work is; also a heartbeat. A number that is not finite is not known."""
        done = done if self._finite("progress", done) else self._progress.done
        total = total if total is not None and self._finite("progress", total) else None
        eta = self._rate.eta(done, total)
        self._progress = Progress(done, total, doing or self._progress.doing, eta)
        self._beat()

    def doing(self, what: str) -> None:
        """Say what is being done now, in a few words."""
        self.progress(self._progress.done, self._progress.total, what)

    def found_amiss(self, what: str) -> None:
        """Say in a few words what the work has found wrong: the run still finishes, and its end tells of it."""
        self.outcome, self.amiss = what, bool(what)

    def beat(self) -> None:
        """Say that the work loop lives. Raises ``Superseded`` in a run that was given up."""
        self._beat()

    def told(self) -> Order:
        """What the run has been told; for a process that must act itself before it holds, such as stopping a child."""
        return self._host.order

    def checkpoint(self, position: Position | None = None) -> None:
        """A consistent point: pause and cancel take effect here, and the position is kept with the events before.

        Raises ``Cancelled`` when the run was asked to end, ``NotFinite`` or ``PositionTooLong`` for a position that
        cannot be kept: the one before then stays.
        """
        if position is not None:
            _require_kept(position)
            self.position = position
        self._beat()
        order = self._host.order
        self._keep(wait=order is not Order.GO)
        if order is Order.PAUSE:
            self._host.hold()
            order = self._host.order
        if order is Order.CANCEL:
            raise Cancelled(self.name)

    def track(self, items: Iterable[T], total: int | None = None, doing: str = "", start: int = 0) -> Iterator[T]:
        """Go through ``items`` with progress, ETA, heartbeat and a checkpoint after each."""
        total = total if total is not None else _length(items, start)
        self.progress(start, total, doing)
        for done, item in enumerate(items, start + 1):
            yield item
            self.progress(done, total)
            self.checkpoint()

    @property
    def behind(self) -> bool:
        """Whether what was handed over to be kept is not on disk yet, as on a full one.

        A run that must never wait for the store tells it nothing more meanwhile.
        """
        return self._host.behind

    def rouse(self) -> None:
        """Have a wait looked at anew that goes on until something is so; from any thread."""
        self._host.rouse()

    def wait(self, seconds: float, what: str, until: Callable[[], bool] = lambda: False) -> None:
        """Wait, beating, for ``what``; a checkpoint, so pause and cancel are obeyed at once.

        It is over early once ``until`` is so; who makes it so calls ``rouse``.
        Raises ``ValueError`` for a negative time or none: a loop would spin on it.
        """
        if not seconds >= 0:  # NaN too
            raise ValueError(f"a wait of {seconds} seconds for {what}: give 0 or more")
        over = self.clock.monotonic() + seconds
        self.checkpoint()
        while (left := over - self.clock.monotonic()) > 0 and not until():
            self._beat(Waiting(what))
            self._host.pause_for(min(left, self.BEAT) if seconds < 2 else min(left, 1.0))
            if self._host.order is not Order.GO:
                self.checkpoint()
        self._beat()

    def act(self, effect: Effect, because: Because = "") -> Outcome:
        """Write the intent, do it once, write the outcome.

        The same key finds its earlier outcome instead of acting again. An outcome that cannot be told is UNKNOWN
        and is looked up, never retried. Raises ``Superseded`` when this run has been given up, ``NotFinite`` for an
        effect with a number that cannot be kept.
        """
        require_finite(effect, effect.type_name)
        self._keep(wait=True)
        return self._host.act(effect, because)

    def propose(self, proposal: Proposal) -> str:
        """Put a decision before a person and go on; returns its id. The approval runs its effect, maybe days later."""
        require_finite(proposal.effect, proposal.effect.type_name)
        self._keep(wait=True)
        return self.clock.result(self._host.propose(proposal))

    def put(self, proposal: Proposal) -> "Future[str]":
        """The same without waiting for the store."""
        require_finite(proposal.effect, proposal.effect.type_name)
        self._keep(wait=False)
        return self._host.propose(proposal)

    def learn(self, learner: str, arms: Sequence[str], rewards: dict[str, float] | None = None) -> dict[str, float]:
        """Tell what came of arms (rewards 0 to 1) and get the weight of each arm.

        Rewards are kept in one transaction with the events before and the position: whatever ends the run, it goes on
        from where it told them, or from before that. Raises ``NotFinite`` for a reward that is no number.
        """
        if not rewards:
            return self._host.learn(learner, arms, {}, (), None)
        require_finite(rewards, f"rewards of {learner}")
        events, self._pending = self._pending, []
        self._kept = self.clock.monotonic()
        return self._host.learn(learner, arms, rewards, events, self.position)

    def keep(self) -> None:
        """Keep events and position now, without obeying what the run has been told; returns when they are on disk."""
        self._keep(wait=True)

    def _finite(self, what: str, value: float) -> bool:
        finite = math.isfinite(value)
        if not finite and what not in self._dropped:
            self._dropped.add(what)
            self.log.warning(
                "%s is %s, which is no number to show or keep: it is left out, now and from now on", what, value
            )
        return finite

    def _beat(self, waiting: Waiting | None = None) -> None:
        self._host.beat(self._progress, waiting)
        fault = self._host.fault()
        if fault is not None:
            strike(fault)

    def _keep(self, wait: bool) -> None:
        """Hand over events and position.

        A position without events is kept once a second, or when it matters; while the one before waits for the disk
        it would only lengthen the queue.
        """
        now = self.clock.monotonic()
        if not self._pending and not wait and (now - self._kept < 1.0 or self._host.behind):
            return
        events, self._pending = self._pending, []
        self._kept = now
        if events or self.position is not None:
            self._host.commit(events, self.position, wait)


class _Rate:
    """Speed of progress by an exponentially weighted mean, for an honest time left."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = clock.monotonic()
        self._done = 0.0
        self._speed: float | None = None

    def eta(self, done: float, total: float | None) -> float | None:
        now = self._clock.monotonic()
        elapsed = now - self._at
        if done < self._done:
            self._at, self._done, self._speed = now, done, None
        elif elapsed >= 0.5 and done > self._done:
            speed = (done - self._done) / elapsed
            self._speed = speed if self._speed is None else 0.7 * self._speed + 0.3 * speed
            self._at, self._done = now, done
        if total is None or not self._speed:
            return None
        return max(0.0, total - done) / self._speed


def _require_kept(position: Position) -> None:
    size = len(require_finite(position, "position"))
    if size > LONGEST_POSITION:
        told = f"the position has {size / 2**20:.1f} MiB, and {LONGEST_POSITION // 2**20} can be kept"
        raise PositionTooLong(f"{told}; keep what is large in a file, and its name in the position")


def _length(items: Iterable[Any], start: int) -> int | None:
    try:
        return len(items) + start  # type: ignore[arg-type]
    except TypeError:
        return None
