"""Plans of all processes: the defaults, the user's strategies and projects, and the user's own definitions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.paths import Home
from app.settings.model import Project, Settings, Trading
from app.wiring.own_files.file_checks import read_bounded, told_of
from app.wiring.own_files.files import SHIPPED, is_default, layered
from app.wiring.own_files.plugins import Plugins
from app.wiring.plans.kinds import KINDS, PLUGIN_SERVICE, path_of
from app.wiring.plans.project_plans import project_plan, project_triggers
from app.wiring.plans.resting_on_files import resting
from app.wiring.plans.traded_by import for_the_account_alone, traded_by
from services.core.durations import seconds
from services.core.errors import UserError
from services.core.plain import plain
from services.core.process import Process
from services.debugger.watch import ProjectWatch
from services.engagement.runner import CampaignRunner
from services.orchestrator.definitions import process_files
from services.orchestrator.definitions.definition import Definition, is_plugin
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.definitions.plugin_files import digest
from services.orchestrator.scripts.script import Script
from services.trading.paper.process import ReplayTrader

SANDBOX_PACE = 600.0
"""Seconds that pass on the sandbox network in one real second: a campaign's day is watched in minutes."""
_KIND = re.compile(r"""^kind:\s*['"]?([\w.:-]+)""", re.MULTILINE)
_STRATEGIES: dict[str, type[Process]] = {"trading": ReplayTrader, "engagement": CampaignRunner}


@dataclass(frozen=True)
class Plans:
    """What is to run, and what is wrong with what cannot; a file with a mistake has a plan that says so."""

    plans: tuple[Plan, ...]
    mistakes: tuple[UserError, ...] = ()


def all_plans(
    home: Home, settings: Settings, plugins: Plugins, faults: Mapping[str, str], house: Mapping[str, Plan]
) -> Plans:
    """Every plan there is, from the files that were taken.

    ``faults`` are files, by their path in the home, that never had a sound version, and what is wrong with each.
    ``house`` are the plans of the house's own processes, whose names are taken.
    """
    built = {plan.name: plan for plan in _of_strategies(home, settings, plugins)}
    built |= {plan.name: plan for plan in (project_plan(project, home) for project in settings.debugger.projects)}
    definitions, mistakes = _definitions(home, {**house, **built})
    for definition, path, fault in definitions:
        if definition.enabled:
            plan = resting(of_definition(definition, home, plugins, path), home, data_folder(home, settings))
            plan = traded_by(plan, Path(str(plan.parameters.get("strategy"))), home, plugins)
            built[plan.name] = replace(plan, fault=fault) if fault else plan
    for name in for_the_account_alone(built.values()):
        del built[name]
    for relative, fault in faults.items():
        stand_in = _mistaken(relative, fault, home)
        if stand_in is not None:
            built.setdefault(stand_in.name, stand_in)
    return Plans(tuple(built.values()), mistakes)


def of_definition(definition: Definition, home: Home, plugins: Plugins, source: Path) -> Plan:
    """The plan of one definition file."""
    kind: type[Process] = Process if definition.is_plugin else KINDS[definition.kind]
    plan = Plan(
        name=definition.name,
        path=str(home.plugins / definition.kind) if definition.is_plugin else path_of(kind),
        service=PLUGIN_SERVICE if definition.is_plugin else kind.service,
        parameters=definition.parameters,
        isolation=kind.isolation,
        heartbeat=definition.heartbeat or (seconds(30) if definition.is_plugin else kind.heartbeat),
        restart=definition.policy(kind.restart),
        priority=kind.priority if definition.priority is None else definition.priority,
        triggers=definition.triggers,
        goes_on=kind.goes_on,
        overlap=definition.overlap,
        most=definition.most,
        misfire=definition.misfire,
        grace=definition.grace,
        after=definition.after,
        source=str(source),
        can_pause=kind.can_pause,
    )
    if definition.is_plugin:
        permission = plugins.permission(definition.kind.partition(":")[0])
        return replace(plan, version=permission.version, fault=permission.fault, awaits=permission.awaits)
    return _as_project(plan, definition, home) if issubclass(kind, ProjectWatch) else plan


def data_folder(home: Home, settings: Settings) -> Path | None:
    """Where recorded candles lie: as set, else in the home, else beside the checkout; None where there are none."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    candidates = (settings.trading.data, home.root / "data", beside)
    return next((folder for folder in candidates if folder is not None and folder.is_dir()), settings.trading.data)


def _of_strategies(home: Home, settings: Settings, plugins: Plugins) -> Iterator[Plan]:
    data = data_folder(home, settings)
    for name, path in layered("trading", home.taken / "strategies").items():
        parameters: dict[str, Any] = {"strategy": str(path), "data": str(data) if data else None, "loop": True}
        parameters |= _replayed(settings.trading)
        plan = _strategy_plan("trading", Path(name).stem, parameters, path, home)
        yield traded_by(plan, path, home, plugins)
    for name, path in layered("engagement", home.taken / "strategies").items():
        parameters = {"campaign": str(path), "network": str(home.sandbox), "pace": SANDBOX_PACE}
        yield _strategy_plan("engagement", Path(name).stem, parameters, path, home)


def _replayed(trading: Trading) -> dict[str, Any]:
    """What the user set for all strategies; what is not set stays each one's own."""
    said = {"speed": trading.speed, "capital": trading.paper_capital}
    told: dict[str, Any] = {name: float(value) for name, value in said.items() if value is not None}
    return told | ({"latency": f"{trading.paper_latency_ms}ms"} if trading.paper_latency_ms else {})


def _strategy_plan(folder: str, name: str, parameters: dict[str, Any], path: Path, home: Home) -> Plan:
    kind = _STRATEGIES[folder]
    return Plan(
        name=name,
        path=path_of(kind),
        service=kind.service,
        parameters=parameters,
        isolation=kind.isolation,
        heartbeat=kind.heartbeat,
        restart=kind.restart,
        priority=kind.priority,
        goes_on=kind.goes_on,
        source=str(path if is_default(path) else home.strategies / folder / path.name),
        fixed=SHIPPED if is_default(path) else "",
        version=digest(path.read_bytes()),
    )


def _definitions(
    home: Home, others: Mapping[str, Plan]
) -> tuple[list[tuple[Definition, Path, str]], tuple[UserError, ...]]:
    """The user's definitions with their files and, where a sound one does not go with the others, its fault."""
    copies = home.taken / "processes"
    loaded = process_files.load_folder(copies, KINDS, tuple(others))
    mistakes = [told_of(each, copies, home.processes) for each in loaded.mistakes]
    found: list[tuple[Definition, Path, str]] = []
    seen = dict(others)
    for path in sorted([*copies.glob("*.yaml"), *copies.glob("*.yml")]):
        original = home.processes / path.name
        faults = [str(mistake) for mistake in mistakes if mistake.where.startswith(str(original))]
        definition = _sound(path)
        if definition is None or any("is defined in" in fault for fault in faults):
            continue
        if definition.name in seen:
            mistakes.append(_taken_name(definition.name, original, seen[definition.name]))
            continue
        found.append((definition, original, " ".join(faults)))
    return found, tuple(mistakes)


def _sound(path: Path) -> Definition | None:
    """The definition; None where a version that an older program took is none any more, which is told elsewhere."""
    try:
        return process_files.load(path, KINDS)
    except UserError:
        return None


def _taken_name(name: str, path: Path, by: Plan) -> UserError:
    whose = f"by {by.source}" if by.source else "which comes with Dreamscape"
    return UserError(f"a process is called {name!r} already, {whose}", str(path), "give it another name")


def _mistaken(relative: str, fault: str, home: Home) -> Plan | None:
    """Stands for a file that never was sound, so that it is seen where its process would be."""
    folder, _, name = relative.rpartition("/")
    kind = _STRATEGIES.get(folder.rpartition("/")[2])
    if kind is None and folder != "processes":
        return None
    service = kind.service if kind is not None else _service_meant(home.root / relative)
    return Plan(plain(Path(name).stem), "", service, fault=fault, source=str(home.root / relative))


def _service_meant(path: Path) -> str:
    """The service of a definition that has a mistake: of the kind that its text names, else that of the scripts."""
    try:
        found = _KIND.search(read_bounded(path).decode(errors="replace"))
    except UserError:  # that it cannot be read is its mistake, and told as such
        found = None
    kind = found[1] if found else ""
    return PLUGIN_SERVICE if is_plugin(kind) else KINDS.get(kind, Script).service


def _as_project(plan: Plan, definition: Definition, home: Home) -> Plan:
    """A project under care runs on a schedule and on change, unless its file says otherwise."""
    given = definition.model_fields_set
    planned = project_plan(Project(path=Path(plan.parameters["path"])), home)
    return replace(
        plan,
        parameters={"scratch": str(home.scratch)} | plan.parameters,
        at_once=planned.at_once,
        triggers=plan.triggers if "schedule" in given else project_triggers(plan.parameters["path"]),
        overlap=plan.overlap if "overlap" in given else planned.overlap,
        most=plan.most if "most" in given else planned.most,
        misfire=plan.misfire if "misfire" in given else planned.misfire,
    )
