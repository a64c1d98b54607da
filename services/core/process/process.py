"""Processes: anything that runs under the orchestrator.

A process declares how it is watched and restarted, and does its work in ``run(context)``. It is a dataclass whose
fields are its parameters, so it can be built in a child interpreter from a description instead of a pickle.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, dataclass_transform

from services.core.durations import minutes, seconds
from services.core.process.context import Context


class State(StrEnum):
    """Where a process stands. ``TRANSITIONS`` is the one table of what may follow what."""

    STOPPED = "stopped"
    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STALLED = "stalled"
    BACKOFF = "backoff"
    STOPPING = "stopping"
    FAILED = "failed"


_S = State
TRANSITIONS: dict[State, frozenset[State]] = {
    _S.STOPPED: frozenset({_S.WAITING, _S.STARTING, _S.PAUSED, _S.FAILED}),
    _S.WAITING: frozenset({_S.STARTING, _S.PAUSED, _S.STOPPED, _S.FAILED}),
    _S.STARTING: frozenset(
        {_S.RUNNING, _S.STOPPED, _S.WAITING, _S.PAUSED, _S.PAUSING, _S.STALLED, _S.BACKOFF, _S.STOPPING, _S.FAILED}
    ),
    _S.RUNNING: frozenset(
        {_S.PAUSING, _S.PAUSED, _S.STALLED, _S.BACKOFF, _S.STOPPING, _S.STOPPED, _S.WAITING, _S.FAILED, _S.STARTING}
    ),
    _S.PAUSING: frozenset(
        {_S.PAUSED, _S.RUNNING, _S.STALLED, _S.BACKOFF, _S.STOPPING, _S.STOPPED, _S.WAITING, _S.FAILED}
    ),
    _S.PAUSED: frozenset({_S.RUNNING, _S.PAUSING, _S.STARTING, _S.WAITING, _S.STOPPING, _S.STOPPED, _S.FAILED}),
    _S.STALLED: frozenset(
        {_S.RUNNING, _S.STARTING, _S.WAITING, _S.BACKOFF, _S.STOPPING, _S.STOPPED, _S.FAILED, _S.PAUSED}
    ),
    _S.BACKOFF: frozenset({_S.STARTING, _S.WAITING, _S.PAUSED, _S.STOPPED, _S.FAILED}),
    _S.STOPPING: frozenset({_S.STOPPED, _S.WAITING, _S.STARTING, _S.PAUSED, _S.FAILED}),
    _S.FAILED: frozenset({_S.STARTING, _S.WAITING, _S.STOPPED, _S.PAUSED}),
}
"""What may follow what; anything else is a fault of ours and raises."""

ALIVE = frozenset({_S.STARTING, _S.RUNNING, _S.PAUSING, _S.PAUSED, _S.STALLED, _S.STOPPING})
"""States in which a run may exist."""
PAUSED = frozenset({_S.PAUSING, _S.PAUSED})
"""States of what somebody holds: it does not run again by itself."""


class Isolation(StrEnum):
    """Where a run lives."""

    THREAD = "thread"
    """A worker thread: for our own cooperative code."""
    PROCESS = "process"
    """A child interpreter: for what acts outside, computes, or runs foreign code."""


@dataclass(frozen=True)
class Restart:
    """When a run that failed is tried again.

    The n-th wait is drawn uniformly from 0 to ``first * factor**n``, at most ``cap`` (full jitter). More than
    ``at_most`` restarts within ``within`` open the circuit: FAILED, one try each ``half_open``.
    """

    first: timedelta = seconds(1)
    factor: float = 2.0
    cap: timedelta = minutes(1)
    at_most: int = 3
    within: timedelta = minutes(10)
    half_open: timedelta = minutes(15)


class ConfigurationFault(Exception):
    """The process cannot work as it is configured; restarting would not help, so it is not tried.

    ``parameter`` names the one that is at fault, where it is one, so that its place in the definition can be told.
    """

    def __init__(self, told: str, parameter: str = "") -> None:
        super().__init__(told)
        self.parameter = parameter


@dataclass_transform(field_specifiers=())
class Process:
    """Base of all processes. Subclasses are dataclasses: their fields are the parameters, validated before a run."""

    service: ClassVar[str] = "system"
    isolation: ClassVar[Isolation] = Isolation.PROCESS
    heartbeat: ClassVar[timedelta] = seconds(10)
    """The longest silence of the work loop that is still health."""
    restart: ClassVar[Restart] = Restart()
    priority: ClassVar[int] = 5
    """0 first, 9 last, when a service has more to run than its limit."""
    goes_on: ClassVar[bool] = False
    """A run that returns is not finished but due again at once (a stream, a bot without a schedule)."""
    can_pause: ClassVar[bool] = True
    """Whether a run can hold; one that cannot is refused a pause instead of being shown PAUSING for ever."""

    parallel: ClassVar[bool] = True
    """Whether several runs of one process may be under way, each going on from a position of its own."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(cls)

    def run(self, context: Context) -> None:
        """Do the work; return when it is done. Reach checkpoints often: pause and cancel take effect there."""
        raise NotImplementedError(f"{type(self).__name__} has no run")

    def preflight(self) -> None:
        """Raise ``ConfigurationFault`` for a parameter that can be seen not to work here, before anything runs."""

    def stands_at(self) -> str:
        """Where its work stands, where that is not in the thread of ``run``. Called from another thread."""
        return ""

    def ends_within(self) -> timedelta:
        """How long it takes at most to end once it was asked to, where it has a promise to keep about that. Called
        from another thread."""
        return seconds(0)

    def kill(self) -> None:
        """End at once what ``run`` has started outside, as a fault would. Called from another thread than ``run``."""
