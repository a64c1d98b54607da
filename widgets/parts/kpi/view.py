"""What a KPI tile shows, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class KpiView:
    """What a tile shows. Texts come formatted (sign, digits); the tile computes nothing."""

    id: str
    label: str
    value: str = "—"
    unit: str = ""
    change: str = ""
    direction: Literal["up", "down", ""] = ""
    sense: Literal["good", "bad", ""] = ""
    note: str = ""
    course: tuple[float | None, ...] = ()  # from step to step; None where the line is broken
    threshold: float | None = None
    role: str = "accent"
    stale: str = ""  # how old the value is, said only when it is too old
    tip: str = ""
    short: str = ""  # what the label is where there is no room for all of it
