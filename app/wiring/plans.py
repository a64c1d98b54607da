"""Plans of all processes: the defaults, the user's strategies and projects, and the user's own definitions."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.paths import Home
from app.settings.model import Project, Settings
from app.wiring.files import layered
from app.wiring.kinds import KINDS, PLUGIN_SERVICE, path_of
from services.core.durations import minutes, seconds
from services.core.errors import UserError
from services.core.process import Process
from services.debugger.watch import ProjectWatch
from services.engagement.runner import CampaignRunner
from services.orchestrator.definition import Definition
from services.orchestrator.misfire import Misfire
from services.orchestrator.overlap import Overlap
from services.orchestrator.plan import Plan
from services.orchestrator.process_files import load_folder
from services.orchestrator.triggers import Cron, Every, OnFiles, Trigger
from services.trading.process import ReplayTrader

log = logging.getLogger(__name__)
SANDBOX_PACE = 600.0
"""Seconds that pass on the sandbox network in one real second: a campaign's day is watched in minutes."""


@dataclass(frozen=True)
class Plans:
    """What is to run, and what is wrong with what cannot."""

    plans: tuple[Plan, ...]
    mistakes: tuple[UserError, ...] = ()


def all_plans(home: Home, settings: Settings) -> Plans:
    """Every plan there is; a file with a mistake is told and left out, the rest goes on."""
    built = {plan.name: plan for plan in _of_files(home, settings)}
    loaded = load_folder(home.processes, KINDS, tuple(built))
    for definition in loaded.definitions.values():
        if definition.enabled:
            built[definition.name] = of_definition(definition, home)
    return Plans(tuple(built.values()), loaded.mistakes)


def of_definition(definition: Definition, home: Home) -> Plan:
    """The plan of one definition file."""
    source = str(home.processes / f"{definition.name}.yaml")
    if definition.is_plugin:
        return Plan(
            name=definition.name,
            path=str(home.plugins / definition.kind),
            service=PLUGIN_SERVICE,
            parameters=definition.parameters,
            heartbeat=definition.heartbeat or seconds(30),
            restart=definition.policy(Process.restart),
            priority=Process.priority if definition.priority is None else definition.priority,
            triggers=definition.triggers,
            overlap=definition.overlap,
            most=definition.most,
            misfire=definition.misfire,
            grace=definition.grace,
            after=definition.after,
            source=source,
        )
    kind = KINDS[definition.kind]
    return Plan(
        name=definition.name,
        path=path_of(kind),
        service=kind.service,
        parameters=definition.parameters,
        isolation=kind.isolation,
        heartbeat=definition.heartbeat or kind.heartbeat,
        restart=definition.policy(kind.restart),
        priority=kind.priority if definition.priority is None else definition.priority,
        triggers=definition.triggers,
        goes_on=kind.goes_on,
        overlap=definition.overlap,
        most=definition.most,
        misfire=definition.misfire,
        grace=definition.grace,
        after=definition.after,
        source=source,
    )


def _of_files(home: Home, settings: Settings) -> Iterator[Plan]:
    data = data_folder(home, settings)
    for name, path in layered("trading", home.strategies).items():
        parameters: dict[str, Any] = {"strategy": str(path), "data": str(data) if data else None, "loop": True}
        yield _plan(ReplayTrader, Path(name).stem, parameters, path)
    for name, path in layered("engagement", home.strategies).items():
        yield _plan(
            CampaignRunner, Path(name).stem, {"campaign": str(path), "network": str(home.sandbox), "pace": 600.0}, path
        )
    for project in settings.debugger.projects:
        yield _of_project(project, home)


def data_folder(home: Home, settings: Settings) -> Path | None:
    """Where recorded candles lie: as set, else in the home, else beside the checkout; None where there are none."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    candidates = (settings.trading.data, home.root / "data", beside)
    return next((folder for folder in candidates if folder is not None and folder.is_dir()), settings.trading.data)


def _of_project(project: Project, home: Home) -> Plan:
    triggers: tuple[Trigger, ...] = (
        Cron(project.schedule) if project.schedule else Every(minutes(30)),
        OnFiles((f"{project.path}/**/*.py",), seconds(2)),
    )
    parameters: dict[str, Any] = {
        "path": str(project.path),
        "interpreter": str(project.interpreter or ""),
        "scratch": str(home.scratch),
    }
    name = project.path.expanduser().resolve().name
    return _plan(ProjectWatch, name, parameters, home.settings, triggers, Overlap.QUEUED, 1)


def _plan(
    kind: type[Process],
    name: str,
    parameters: dict[str, Any],
    source: Path,
    triggers: tuple[Trigger, ...] = (),
    overlap: Overlap = Overlap.SINGLE,
    most: int = 10,
) -> Plan:
    return Plan(
        name=name,
        path=path_of(kind),
        service=kind.service,
        parameters=parameters,
        isolation=kind.isolation,
        heartbeat=kind.heartbeat,
        restart=kind.restart,
        priority=kind.priority,
        triggers=triggers,
        goes_on=kind.goes_on,
        overlap=overlap,
        most=most,
        misfire=Misfire.ONCE,
        source=str(source),
    )
