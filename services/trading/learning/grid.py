"""A grid: several values for each of some parameters, and every combination of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from services.core.errors import UserError
from services.trading.learning.parameters import varied
from services.trading.learning.values import Parameters, Value
from services.trading.strategy import Strategy
from services.trading.sweep.axes import axis
from services.trading.sweep.numbers import example_of

MOST = 100_000
"""Combinations that are gone through one by one; more are a search for luck."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One combination, and the strategy that it makes."""

    parameters: Parameters
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Candidates:
    """The combinations that are strategies; ``left_out`` are not, and ``why`` tells of the first of those."""

    chosen: tuple[Candidate, ...]
    left_out: int = 0
    why: str = ""


def axes_of(words: Sequence[str], strategy: Strategy | None = None) -> dict[str, tuple[Value, ...]]:
    """Each key with its values, as a sweep's. Raises ``UserError``, with a key of the ``strategy`` in its hint."""
    example = (example_of(strategy),) if strategy else ()
    axes: dict[str, tuple[Value, ...]] = {}
    for word in words:
        read = axis(word, *example)
        if read.key in axes:
            raise UserError(f"{read.key} is given twice", "--grid", "Give all of its values at once")
        axes[read.key] = read.values
    size = prod(len(values) for values in axes.values())
    if size > MOST:
        told = " x ".join(f"{len(values):,}" for values in axes.values())
        raise UserError(f"{told} are {size:,} combinations, and {MOST:,} are the most", "--grid", "Take larger steps")
    return axes


def candidates_of(strategy: Strategy, axes: Mapping[str, Sequence[Value]]) -> Candidates:
    """Every combination that is a strategy, in the grid's order; raises ``UserError`` where none is."""
    chosen: list[Candidate] = []
    mistakes: list[UserError] = []
    for values in product(*axes.values()):
        parameters = dict(zip(axes, values, strict=True))
        try:
            chosen.append(Candidate(parameters, varied(strategy, parameters)))
        except UserError as mistake:
            mistakes.append(mistake)
    if not chosen:
        raise mistakes[0]
    return Candidates(tuple(chosen), len(mistakes), str(mistakes[0]) if mistakes else "")
