"""A unit: one supervised process as the core knows it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.core.process import TRANSITIONS, State
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import ParametersTold
from services.orchestrator.units.backoff import History
from services.orchestrator.units.run import Run


@dataclass(frozen=True)
class Due:
    """A run that is due: why, and the parameters changed for this run alone."""

    why: str
    overrides: dict[str, Any] = field(default_factory=dict)
    by: str = "schedule"
    timed: bool = False
    """Its time alone made it due; it comes again."""


@dataclass(frozen=True)
class OwedRun:
    """A run under way, as it goes on after the program has ended."""

    epoch: int
    overrides: dict[str, Any]


@dataclass(frozen=True)
class Owed:
    """What a unit has to go on with after the program has ended, however it ended."""

    paused_by: str = ""
    runs: tuple[OwedRun, ...] = ()
    starts: tuple[Due, ...] = ()
    """Starts that wait, in their order."""
    retry: Due | None = None


@dataclass
class Unit:
    """One process under supervision. Touched on the core thread alone."""

    plan: Plan
    state: State = State.STOPPED
    because: str = ""
    by: str = "program"
    until: datetime | None = None
    restarts: int = 0
    epoch: int = 0
    history: History = field(default_factory=History)
    runs: dict[int, Run] = field(default_factory=dict)
    queue: list[Due] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    """Parameters that the user set over the definition."""
    retry: Due | None = None
    """The try that follows a failure, once its wait is over."""
    owed: Owed = Owed()
    """What is on disk of what it has to go on with."""
    once: dict[str, Any] = field(default_factory=dict)
    """Parameters set for the next run alone."""
    parameters_told: ParametersTold | None = None
    """What was last told of them all."""
    paused_by: str = ""
    paused_for: str = ""
    """Why, where that is more than that somebody wanted it."""
    leaving: str = ""
    """Who removed it, while its last run still ends."""
    finished: bool = False
    """A run has finished since the program started: who comes after this one may go."""
    doing: str = ""
    doing_told: float = 0.0

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def given_up(self) -> bool:
        """It failed too often lately: only the tries of its open circuit, a person or news of the outside start it."""
        return self.state is State.FAILED and self.history.open

    @property
    def is_over(self) -> bool:
        """It has come to its end, and nothing but a person starts it again."""
        return self.state is State.STOPPED and not (self.runs or self.queue or self.plan.triggers)

    @property
    def ready(self) -> bool:
        """Whether a process that comes after this one may start."""
        return self.finished or self.state in (State.RUNNING, State.PAUSING)


class WrongTransition(RuntimeError):
    """A fault of ours: the table of transitions does not allow this."""


def require_transition(unit: Unit, state: State) -> None:
    """Raise ``WrongTransition`` unless the table allows it."""
    if state is not unit.state and state not in TRANSITIONS[unit.state]:
        raise WrongTransition(f"{unit.name}: {unit.state} cannot become {state}")
