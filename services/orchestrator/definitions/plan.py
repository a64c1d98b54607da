"""The plan of a process: its definition and its class, resolved to what supervision needs."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.core.durations import minutes, seconds
from services.core.process import Isolation, Restart
from services.orchestrator.definitions.building import is_plugin
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Cron, Every, Once, Trigger


@dataclass(frozen=True)
class Plan:
    """How one process is run, watched and restarted."""

    name: str
    path: str
    """``package.module:Class``, or ``file.py:Class`` for a plug-in."""
    service: str = "system"
    parameters: dict[str, Any] = field(default_factory=dict)
    isolation: Isolation = Isolation.PROCESS
    heartbeat: timedelta = seconds(10)
    restart: Restart = Restart()
    priority: int = 5
    triggers: tuple[Trigger, ...] = ()
    """What makes it due; without any it starts with the program."""
    at_once: bool = False
    """Its first run does not wait for what makes it due."""
    goes_on: bool = False
    overlap: Overlap = Overlap.SINGLE
    most: int = 10
    """Runs that may be queued, or be parallel."""
    misfire: Misfire = Misfire.ONCE
    grace: timedelta = minutes(5)
    after: tuple[str, ...] = ()
    source: str = ""
    """The file that defines it, or empty for one of the house."""
    fixed: str = ""
    """Why what defines it cannot be taken away, and what a person can do instead; empty where it can be."""
    fault: str = ""
    """Why it cannot run as it is defined; it is shown as FAILED and not started."""
    awaits: str = ""
    """What must happen before it may run, such as an approval; it is shown as WAITING for it and not started."""
    version: str = ""
    """SHA-256 of the file that its runs rest on, where there is one. A plug-in is imported only if it is this one."""
    can_pause: bool = True
    always: bool = False
    """It begins in safe mode, too: what it keeps, such as the stop of a position, does not wait for a person."""
    modules: tuple[str, ...] = ()
    """Modules whose events and effects its child interpreter speaks of."""

    @property
    def barred(self) -> str:
        """Why it is not started; empty where it may run."""
        return self.fault or (f"it waits for {self.awaits}" if self.awaits else "")

    @property
    def is_plugin(self) -> bool:
        """Whether its class is in a file of the user's own."""
        return is_plugin(self.path)

    @property
    def scheduled(self) -> bool:
        """Whether times make it start, of which the next can be left out."""
        return any(isinstance(trigger, Every | Cron | Once) for trigger in self.triggers)

    def runs_like(self, other: "Plan") -> bool:
        """Whether a run of one plan is a run of the other: schedules and restarts aside, the work is the same."""
        return _work(self) == _work(other)


def _work(plan: Plan) -> tuple[object, ...]:
    return plan.path, plan.parameters, plan.isolation, plan.version, plan.modules
