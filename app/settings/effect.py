"""When a changed setting takes effect while the program runs; `app.wiring.in_force` sees to those that do at once."""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """When a change counts, in words that stand behind "takes effect"."""

    AT_ONCE = "at once"
    NEXT_START = "at the next start"
    NOT_YET = "once live networks exist"


_AT_ONCE = (
    "general.",
    "store.",
    "log.level",
    "log.escalation_seconds",
    "orchestrator.limits.",
    "orchestrator.restarts_",
    "trading.paper_capital",
    "trading.paper_latency_ms",
    "trading.speed",
    "trading.data",
    "debugger.projects",
)
_NOT_YET = ("engagement.platform",)


def effect_of(name: str) -> Effect:
    """When a change of the setting called `name` counts."""
    if name.startswith(_AT_ONCE):
        return Effect.AT_ONCE
    return Effect.NOT_YET if name.startswith(_NOT_YET) else Effect.NEXT_START
