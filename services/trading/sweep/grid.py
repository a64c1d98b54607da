"""Every combination of the values of some axes, by number, and the strategy that each makes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from pydantic import ValidationError

from services.core.errors import UserError
from services.trading.strategy import Strategy
from services.trading.sweep.axes import Axis, axis
from services.trading.sweep.impossible import Impossible, why
from services.trading.sweep.numbers import example_of, require_numbers

MOST = 1_000_000
"""Combinations of a sweep, and of a walk forward. What is the best of more tells nothing but chance."""
TRIED = 1_000
"""Combinations that are looked at for one that makes a strategy, before anything runs."""
Values = Mapping[str, int | float]


@dataclass(frozen=True)
class Grid:
    """A strategy as its file says it, and the axes; the last axis goes fastest."""

    base: str
    """JSON of what the file says."""
    axes: tuple[Axis, ...]

    @cached_property
    def _fields(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.base)
        return told

    @cached_property
    def _paths(self) -> list[list[str]]:
        return [axis.key.split(".") for axis in self.axes]

    @cached_property
    def _parts(self) -> dict[str, Any]:
        """The same as a strategy has them: what is validated once need not be validated for each combination."""
        strategy = Strategy.model_validate(self._fields)
        return {name: getattr(strategy, name) for name in self._fields}

    def __len__(self) -> int:
        return prod(len(axis.values) for axis in self.axes)

    def values(self, index: int) -> dict[str, int | float]:
        """Of the combination of that number, by key."""
        told = {}
        for one in reversed(self.axes):
            index, place = divmod(index, len(one.values))
            told[one.key] = one.values[place]
        return {one.key: told[one.key] for one in self.axes}

    def strategy(self, index: int) -> Strategy:
        """Raises ``Impossible``."""
        fields = self._fields
        for path, value in zip(self._paths, self.values(index).values(), strict=True):
            fields = _with(fields, path, value)
        try:
            return Strategy.model_validate(self._parts | {path[0]: fields[path[0]] for path in self._paths})
        except ValidationError as error:
            raise Impossible(why(error, fields)) from error

    def first(self) -> Strategy:
        """The first combination that makes a strategy; raises ``UserError`` where none of the first does."""
        told = ""
        for index in range(min(len(self), TRIED)):
            try:
                return self.strategy(index)
            except Impossible as impossible:
                told = told or str(impossible)
        raise UserError(f"no combination makes a strategy: {told}", "--grid", "Give values that its file may have")


def grid_of(strategy: Strategy, asked: Sequence[str]) -> Grid:
    """Read the axes as a person writes them; raises ``UserError`` for one that cannot be, and for too many of them.

    Those that decide come first, so that combinations follow each other that decide alike.
    """
    example = example_of(strategy)
    axes = [axis(text, example) for text in asked]
    twice = sorted({one.key for one in axes if sum(other.key == one.key for other in axes) > 1})
    if twice:
        raise UserError(f"{twice[0]} is given twice", "--grid", "Give all of its values at once")
    size = prod(len(one.values) for one in axes)
    if size > MOST:
        told = " x ".join(f"{len(one.values):,}" for one in axes)
        raise UserError(f"{told} are {size:,} combinations, and {MOST:,} are the most", "--grid", "Take larger steps")
    require_numbers(strategy, (one.key for one in axes))
    base = strategy.model_dump(mode="json", exclude_unset=True)
    ordered = sorted(axes, key=lambda one: one.key.partition(".")[0] not in ("macd", "terms"))
    return Grid(json.dumps(base), tuple(ordered))


def _with(fields: dict[str, Any], path: Sequence[str], value: float) -> dict[str, Any]:
    """The same with another value; what is not on the way to it is shared."""
    name, *rest = path
    if not rest:
        return fields | {name: value}
    inner = fields.get(name)
    return fields | {name: _with(inner if isinstance(inner, dict) else {}, rest, value)}
