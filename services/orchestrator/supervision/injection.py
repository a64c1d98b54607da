"""Injecting faults into runs: checked, passed on, and told with what comes of it."""

from collections.abc import Callable

from services.core.process import Isolation
from services.core.process.injection import Fault
from services.orchestrator.commands import NotNow
from services.orchestrator.units.unit import Unit


def inject(unit: Unit, fault: Fault, by: str, kill: Callable[[Unit, str], None]) -> None:
    """Let ``fault`` happen to the runs of ``unit``; raises ``NotNow`` where there is none, or where it cannot."""
    if not unit.runs:
        raise NotNow(f"{unit.name} is {unit.state}: there is no run in which anything could go wrong")
    if fault is Fault.KILL:
        kill(unit, by)
    elif fault is Fault.HOLD_GIL and unit.plan.isolation is not Isolation.PROCESS:
        raise NotNow(
            f"{unit.name} runs in a thread of the program, so the lock is the program's own; "
            "choose a process with an interpreter of its own"
        )
    for run in unit.runs.values():
        run.brought_about = f"{fault} injected by {by}"
        if fault is not Fault.KILL:
            run.control.fault = fault
            run.runner.tell()
