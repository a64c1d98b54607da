"""What this very program takes itself for: its own checkout, the environment and what the settings declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from app.environment import Environment, detect, gather
from app.settings.load import Loaded

_LEVEL = "log.level"
_PROGRAM_ROOT = Path(__file__).resolve().parents[1]


def environment_of(
    loaded: Loaded, env: Mapping[str, str], flag: str | None = None, *, live: bool = False
) -> Environment:
    """The environment of this program, from its own checkout and the settings; `flag` and `live` as on the line."""
    said = loaded.settings.environment
    facts = replace(
        gather(_PROGRAM_ROOT, env),
        flag=flag,
        live_flag=live,
        declared=said.declared,
        prod_branches=said.prod_branches,
        prod_hosts=said.prod_hosts,
    )
    return detect(facts)


def in_environment(loaded: Loaded, environment: Environment) -> Loaded:
    """The settings with what the environment picks in the place of a default: the level of the log."""
    log = loaded.settings.log
    if loaded.sources[_LEVEL] != "default" or log.level == environment.log_level:
        return loaded
    picked = loaded.settings.model_copy(update={"log": log.model_copy(update={"level": environment.log_level})})
    sources = {**loaded.sources, _LEVEL: f"default in {environment.name}"}
    return replace(loaded, settings=picked, sources=sources)


def told(environment: Environment) -> dict[str, Any]:
    """As it is told over the socket."""
    found: dict[str, Any] = msgspec.to_builtins(environment)
    return found


def as_told(fields: dict[str, Any]) -> Environment:
    """What another instance told that it takes itself for; raises ``msgspec.ValidationError`` for another version's."""
    return msgspec.convert(fields, Environment)
