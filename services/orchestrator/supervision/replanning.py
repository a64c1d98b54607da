"""Replanning: a unit whose definition changed while the program runs is brought to where its new plan wants it."""

from services.core.process import State
from services.core.process.context import Order
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import AS_IT_WAS
from services.orchestrator.supervision.supervisor import Supervisor
from services.orchestrator.units.unit import Due, Unit


def follow(supervisor: Supervisor, unit: Unit, before: Plan, why: str) -> None:
    """Bring ``unit``, which has its new plan, on from the plan it had ``before``; ``why`` is told with what moves.

    A run whose work is another one now ends at its next checkpoint, and one by the new plan goes on from its position.
    """
    returning, unit.leaving = unit.leaving, ""
    if unit.plan.barred and unit.runs:
        waiting = [*supervisor.starts.forget(unit), *unit.queue]
        supervisor.cancel(unit, "program")
        unit.queue = waiting  # until it may run again
    elif unit.plan.barred:
        supervisor.stand_barred(unit)
    elif unit.runs and (returning or (before.barred and not unit.plan.barred and not unit.queue)):
        # The run ends because the plan before barred it; nothing was to follow then, and something is now.
        unit.queue.insert(0, Due(why, by="program"))
    elif unit.runs and not unit.plan.runs_like(before):
        _replace_runs(supervisor, unit, why)
    elif not unit.runs:
        _follow_idle(supervisor, unit, before, why)


def _replace_runs(supervisor: Supervisor, unit: Unit, why: str) -> None:
    if unit.state is State.STOPPING:  # it ends already: by a person, or for a run that will take the newest plan
        return
    if not unit.paused_by:
        unit.queue.insert(0, Due(why, by="program"))
        supervisor.move(unit, State.STOPPING, why, "program")
    supervisor.tell_all(unit, Order.CANCEL, "program")


def _follow_idle(supervisor: Supervisor, unit: Unit, before: Plan, why: str) -> None:
    mended = before.barred or (unit.state is State.FAILED and not unit.plan.runs_like(before))
    rescheduled = unit.plan.triggers != before.triggers
    if unit.paused_by:
        supervisor.move(unit, State.PAUSED, AS_IT_WAS, unit.paused_by)
    elif mended or (rescheduled and unit.state is State.WAITING):
        _begin(supervisor, unit, why)
    elif rescheduled and unit.state is State.STOPPED:
        supervisor.on_idle(unit)


def _begin(supervisor: Supervisor, unit: Unit, why: str) -> None:
    if unit.queue:
        supervisor.start_next(unit)
    elif unit.plan.triggers:
        supervisor.on_idle(unit)
    else:
        supervisor.due(unit, Due(why, by="program"))
