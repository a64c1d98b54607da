"""The parameters of a process as a person reads and writes them, with where each comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from services.orchestrator.events import HIDDEN
from services.orchestrator.history.projections import Parameter, ParameterOrigin

_WORDS = {
    ParameterOrigin.DEFAULT: "default",
    ParameterOrigin.DEFINITION: "its file",
    ParameterOrigin.SET: "set by you",
    ParameterOrigin.ONCE: "next run only",
}


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """``text`` can be given back as it stands; ``hidden`` is a value that looks like a secret."""

    name: str
    text: str
    origin: str
    hidden: bool = False


def parameter_lines(parameters: tuple[Parameter, ...]) -> tuple[ParameterLine, ...]:
    """All that the next run is given, by name."""
    return tuple(
        ParameterLine(each.name, written(each.value), _WORDS[each.origin], each.value == HIDDEN)
        for each in sorted(parameters, key=lambda each: each.name)
    )


def written(value: Any) -> str:
    """A value as ``key=value`` takes it: text as it is where it would be read as text, else JSON."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return value
    return json.dumps(value, ensure_ascii=False)
