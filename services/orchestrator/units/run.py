"""One run of one process: what it was told, its signs of life, and how it ended."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from services.core.clock import Clock, Wakeup
from services.core.errors import UserError, in_words
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context, Host, Order, Position
from services.core.process.injection import Fault
from services.core.process.lease import Lease
from services.core.process.running import Cancelled, EventRefused, Progress, Superseded, Waiting
from services.core.words import shortened
from services.orchestrator.events import Result


@dataclass(frozen=True)
class Ending:
    """How a run ended, in words; ``amiss`` where it finished and its detail tells of something wrong that it found."""

    result: Result
    detail: str = ""
    traceback: str = ""
    amiss: bool = False
    parameter: str = ""
    """The one that is at fault, where the run could not work as it is configured because of one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", shortened(self.detail))

    @property
    def told(self) -> str:
        """How a run that finished came to its end."""
        return f"finished: {self.detail}" if self.amiss else self.detail or "finished"

    def cleaned(self, clean: Callable[[str], str]) -> "Ending":
        """The same without the secrets that a fault's text may tell."""
        return replace(self, detail=clean(self.detail), traceback=clean(self.traceback))

    @property
    def is_failure(self) -> bool:
        """Whether the run did not come to an end of its own, so that its restart policy decides."""
        return self.result in (Result.FAILED, Result.DIED, Result.STALLED)


@dataclass
class Control:
    """What passes between the core and one run. Written by either side, read by the other, without a lock:
    each field has one writer, and the newest value is all that counts."""

    clock: Clock
    wakeup: Wakeup
    order: Order = Order.GO
    beat_at: float = 0.0
    gaps: list[float] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)
    waiting: Waiting | None = None
    holding: bool = False
    begun: bool = False
    """The work loop has given its first sign of life."""
    fault: Fault | None = None
    """What is to go wrong at the next beat; set by the core, taken by the run."""

    def tell(self, order: Order) -> None:
        """Tell the run something; it takes effect at its next checkpoint."""
        self.order = order
        self.wakeup.set()

    def take_fault(self) -> Fault | None:
        """What is to go wrong, once."""
        fault, self.fault = self.fault, None
        return fault

    def hold(self, holding: bool) -> None:
        """The run holds, or goes on; who holds owes no beat, and who goes on begins to owe them now."""
        self.beat_at = self.clock.monotonic()
        self.holding = holding

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        """A sign of life from the work loop."""
        now = self.clock.monotonic()
        gap = now - self.beat_at
        if gap > 0.001:
            self.gaps.append(gap)
            if len(self.gaps) > 200:
                del self.gaps[:100]
        self.beat_at, self.progress, self.waiting, self.begun = now, progress, waiting, True


def new_control(clock: Clock) -> Control:
    return Control(clock, clock.wakeup(), beat_at=clock.monotonic())


@dataclass(frozen=True)
class Description:
    """What a run is built from, in either isolation: no pickle, nothing but data."""

    name: str
    path: str
    """Where the class lives: ``package.module:Class``, or ``file.py:Class`` for a plug-in."""
    parameters: dict[str, Any]
    epoch: int
    position: Position | None
    overrides: dict[str, Any]
    version: str = ""
    """SHA-256 that a plug-in's file must have."""


class Runner(Protocol):
    """Executes a run in some isolation. ``execute`` blocks in a worker; the rest is called from the core."""

    def execute(self) -> Ending: ...

    @property
    def killable(self) -> bool:
        """Whether ``stop`` ends anything."""
        ...

    @property
    def grace(self) -> float:
        """Seconds that the run itself takes at most to end once it was asked to; 0 where it has promised none."""
        ...

    def stop(self) -> None:
        """The run did not end in time: end what can be ended (a child's tree), at once. Called in a worker."""
        ...

    def tell(self) -> None:
        """Pass on what the run's control now says."""
        ...

    def renew(self) -> None:
        """Let the run live for another lease."""
        ...

    def probe(self) -> None:
        """Find out where the work stands; ``where`` tells soon after."""
        ...

    def where(self) -> str:
        """Where the work stood when it was probed."""
        ...


def perform(process: Process, context: Context) -> Ending:
    """Run a process to its end and say how it ended. The same in a thread and in a child interpreter."""
    try:
        process.run(context)
        context.keep()
    except Cancelled:
        return _closing(context, Ending(Result.CANCELLED, context.outcome))
    except Superseded as error:
        return Ending(Result.SUPERSEDED, str(error))
    except ConfigurationFault as error:
        return _closing(context, Ending(Result.MISCONFIGURED, str(error), parameter=error.parameter))
    except UserError as error:
        return _closing(context, Ending(Result.MISCONFIGURED, str(error)))
    except Exception as error:
        return _closing(context, Ending(Result.FAILED, in_words(error), traceback.format_exc()))
    return Ending(Result.FINISHED, context.outcome, amiss=context.amiss)


def _closing(context: Context, ending: Ending) -> Ending:
    """Keep what the run had still to say; one superseded or refused meanwhile has nothing more to say."""
    try:
        context.keep()
    except EventRefused:  # who refused it has told why
        return ending
    except Superseded as error:
        return Ending(Result.SUPERSEDED, str(error))
    return ending


@dataclass
class ThreadRunner:
    """Runs a process in the worker thread that calls ``execute``."""

    description: Description
    build: Callable[[Description], Process]
    host: Host
    clock: Clock
    frame_of: Callable[[], str]
    _frame: str = ""
    _process: Process | None = None

    def execute(self) -> Ending:
        process = self._process = self.build(self.description)
        told = self.description
        context = Context(told.name, told.epoch, self.host, self.clock, told.position, told.overrides)
        return perform(process, context)

    @property
    def killable(self) -> bool:
        return self._process is not None and type(self._process).kill is not Process.kill

    @property
    def grace(self) -> float:
        return self._process.ends_within().total_seconds() if self._process is not None else 0.0

    def stop(self) -> None:
        """Nothing ends a thread (it is given up, and its lease with it), but what it has started can be ended."""
        if self._process is not None:
            self._process.kill()

    def tell(self) -> None:
        """A thread reads its control itself."""

    def renew(self) -> None:
        """A thread needs no lease to die with us."""

    def probe(self) -> None:
        told = self._process.stands_at() if self._process is not None else ""
        self._frame = told or self.frame_of()

    def where(self) -> str:
        return self._frame


@dataclass
class Run:
    """A run in being."""

    process: str
    epoch: int
    lease: Lease
    control: Control
    runner: Runner
    started: float
    why: str
    overrides: dict[str, Any] = field(default_factory=dict)
    """Parameters changed for this run alone; a restart of it has them too."""
    cancelled_at: float | None = None
    ended_by_force: bool = False
    """It did not end when asked, and was killed."""
    stalled_at: float | None = None
    well: bool = False
    """It has lived so long that what failed before is over."""
    given_up: Ending | None = None
    """How it ended for us, while its worker may still stand somewhere."""
    asked_by: str = ""
    brought_about: str = ""
    """What somebody did to it on purpose, such as a kill; told with how it ended."""
