"""What a chart shows, said before it has any value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """One line. Its name and role are also its entry in the legend; `fill` is for one hero chart only."""

    id: str
    name: str
    role: str = "accent"
    axis: Literal["right", "own"] = "right"  # on the scale at the right, or on a second one at the left
    fill: bool = False
    say: Callable[[float], str] = "{:,.2f}".format


@dataclass(frozen=True, slots=True)
class Threshold:
    """A dashed line at `value` on the scale at the right."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """`name` is what a screen reader says; `capacity` how many points each series keeps.

    A `tick` writes a number on a scale, with so many decimals: as many as its neighbours have.
    """

    name: str
    series: tuple[SeriesSpec, ...]
    threshold: Threshold | None = None
    limits: tuple[float, float] | None = None  # a scale that never moves, such as 0 to 100 %
    bounds: tuple[float, float] | None = None  # a scale that moves, but never past what its unit can be
    own_bounds: tuple[float, float] | None = None  # the same of the scale at the left
    tick: Callable[[float, int], str] = "{:,.{}f}".format
    own_tick: Callable[[float, int], str] = "{:,.{}f}".format
    time_axis: bool = True
    least_span: float = 0.0  # of x, so that what has only begun does not fill the whole width
    say_x: Callable[[float], str] | None = None  # how the readout writes x; None leaves it out
    capacity: int = 2000
    nothing: str = "No values yet"
