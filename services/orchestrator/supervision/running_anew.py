"""A run in the place of the one there is: with other parameters, or because it is to begin anew."""

from services.core.process.context import Order
from services.orchestrator.commands import NotNow
from services.orchestrator.supervision.supervisor import Supervisor
from services.orchestrator.units.unit import Due, Unit


def run_anew(supervisor: Supervisor, unit: Unit, due: Due) -> None:
    """End the runs there are, and start ``due`` as soon as they have. Raises ``NotNow``.

    One that is paused, and of which nothing runs, has this run alone, and is paused after it as before.
    """
    if unit.paused_by and unit.runs:
        raise NotNow(f"{unit.name} is paused: resume it first")
    if unit.runs:
        unit.queue.insert(0, due)
        supervisor.tell_all(unit, Order.CANCEL, due.by)
    else:
        supervisor.run_now(unit, due)
