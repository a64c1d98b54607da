"""What a process is given, as data that can be kept and shown: no live value, and nothing that looks like a secret."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from services.core.process import ConfigurationFault, Process
from services.core.sandbox.environment import looks_secret
from services.orchestrator.definitions.building import load_class
from services.orchestrator.events import HIDDEN, ParametersTold
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.units.unit import Unit


def told_of(unit: Unit) -> ParametersTold:
    """All that a unit's next run is given. A plug-in's defaults are missing: its child alone knows them."""
    return ParametersTold(
        unit.name,
        unit.plan.path,
        _known_defaults(unit.plan.path) if not unit.plan.is_plugin else None,
        shown(unit.plan.parameters),
        shown(unit.settings),
        shown(unit.once),
        unit.plan.overlap is Overlap.SINGLE,
        unit.plan.fixed,
    )


def defaults_of(kind: type[Process]) -> dict[str, Any]:
    """The parameters of a class that need not be given, with what they then are."""
    found: dict[str, Any] = {}
    for each in fields(kind):  # type: ignore[arg-type]
        if each.default is not MISSING:
            found[each.name] = each.default
        elif each.default_factory is not MISSING:
            found[each.name] = each.default_factory()
    return shown(found)


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has them and as a person may write them; what looks like a secret is not repeated."""
    return {
        name: HIDDEN if looks_secret(name, str(value)) and value else _plain(value) for name, value in values.items()
    }


def _known_defaults(path: str) -> dict[str, Any]:
    if ":" not in path or path.startswith("object:"):
        return {}
    try:
        return defaults_of(load_class(path))
    except ConfigurationFault:  # its run will say so, in the same words
        return {}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return shown({str(key): each for key, each in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return str(value)  # a duration too: 0:15:00 is a form that can be given back
