"""What this very program takes itself for: its own checkout, the environment and what the settings declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.environment import Environment, detect, gather
from app.settings.load import Loaded

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
