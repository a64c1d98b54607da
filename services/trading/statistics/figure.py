"""A figure: a number, or none and why there is none. Never NaN, never infinite, never 0 for want of anything better."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import isfinite
from typing import ParamSpec

P = ParamSpec("P")

ROUNDING = 1e-15
"""Returns and shares no larger than this are what rounding leaves of nothing; dividing by one gives a number of
sixteen digits that means nothing (a Sharpe of -6.5e17 has been printed so)."""
BEYOND = "it is beyond what a number can hold"


class Undefined(Exception):
    """There is no such figure; the message says why, and is shown beside the gap."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``value``, or None with ``why``."""

    value: float | None
    why: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.why:
            raise ValueError("a figure without a value says why")
        if self.value is not None and (self.why or not isfinite(self.value)):
            raise ValueError(f"{self.value} is no value of a figure, or needs no reason")


def figure(compute: Callable[P, float]) -> Callable[P, Figure]:
    """Make a function that may raise ``Undefined``, or overflow, return a ``Figure`` instead."""

    @wraps(compute)
    def computed(*args: P.args, **kwargs: P.kwargs) -> Figure:
        try:
            value = compute(*args, **kwargs)
        except Undefined as why:
            return Figure(None, str(why))
        except OverflowError:
            return Figure(None, BEYOND)
        return Figure(value) if isfinite(value) else Figure(None, BEYOND)

    return computed


def required(other: Figure) -> float:
    """The value of a figure that another is made of; raises ``Undefined`` with its reason."""
    if other.value is None:
        raise Undefined(other.why)
    return other.value
