"""The plan of a process: its definition and its class, resolved to what supervision needs."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.core.durations import minutes, seconds
from services.core.process import Isolation, Restart
from services.orchestrator.misfire import Misfire
from services.orchestrator.overlap import Overlap
from services.orchestrator.triggers import Trigger


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
    goes_on: bool = False
    overlap: Overlap = Overlap.SINGLE
    most: int = 10
    """Runs that may be queued, or be parallel."""
    misfire: Misfire = Misfire.ONCE
    grace: timedelta = minutes(5)
    after: tuple[str, ...] = ()
    source: str = ""
    """The file that defines it, or empty for one of the house."""
    fault: str = ""
    """Why it cannot run as it is defined; it is shown as FAILED and not started."""
    modules: tuple[str, ...] = ()
    """Modules whose events and effects its child interpreter speaks of."""
