"""Parameters that the next run would fail on are refused when they are given."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from services.core.journal.cleaning import refuse_secrets
from services.core.process import ConfigurationFault, Process
from services.orchestrator.children.check import check_in_child
from services.orchestrator.commands import NotNow
from services.orchestrator.definitions.building import build
from services.orchestrator.supervision.launcher import Launcher
from services.orchestrator.units.run import Description
from services.orchestrator.units.unit import Unit


@dataclass
class ParameterChecks:
    """Checks in a worker, since a plug-in is asked in a child interpreter."""

    launcher: Launcher
    units: Mapping[str, Unit]

    def before(self, name: str, changed: dict[str, Any], go_on: Callable[[], "Future[Any]"]) -> "Future[Any]":
        """What ``go_on`` comes to, once ``changed`` has been found sound for the process."""
        unit = self.units.get(name)
        if unit is None or not changed:
            return go_on()
        done: Future[Any] = Future()

        def work() -> None:
            try:
                refuse_secrets(changed, self.launcher.house.journal.hide, f"parameters of {name}")
                check(unit, changed)
                going = go_on()
            except Exception as error:
                done.set_exception(error)
                return
            going.add_done_callback(lambda future: pass_on(future, done))

        self.launcher.workers.start(f"check {name}", work)
        return done


def check(unit: Unit, changed: dict[str, Any]) -> None:
    """Raise ``ConfigurationFault`` that tells every mistake, or ``NotNow`` where nobody can tell. Blocks."""
    plan = unit.plan
    parameters = plan.parameters | unit.settings | changed
    if plan.path.startswith("object:"):  # one of the house, built already; it takes what it was given
        return
    if not plan.is_plugin:
        check_built(build(plan.path, parameters, unit.name), unit.name, changed)
    elif plan.barred:
        raise NotNow(f"{unit.name} cannot be set: {plan.barred}")
    else:
        check_in_child(Description(unit.name, plan.path, parameters, 0, None, {}, plan.version))


def check_built(process: Process, name: str, changed: Collection[str]) -> None:
    """Raise ``ConfigurationFault`` where what was ``changed`` can be seen not to work."""
    try:
        process.preflight()
    except ConfigurationFault as fault:
        if fault.parameter in changed:  # what was wrong before is told by its runs
            raise ConfigurationFault(f"{name}: {fault.parameter}: {fault}", fault.parameter) from fault


def pass_on(future: "Future[Any]", to: "Future[Any]") -> None:
    """Have one future come to what another has come to."""
    error = future.exception()
    if error is not None:
        to.set_exception(error)
    else:
        to.set_result(future.result())
