"""A grid: several values for each of some parameters, and every combination of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import floor, prod

from services.core.errors import UserError
from services.trading.learning.parameters import varied
from services.trading.learning.values import Parameters, Value
from services.trading.strategy import Strategy

MOST = 100_000
"""Combinations that are gone through one by one; more are a search for luck."""
_RANGE = re.compile(r"^(?P<first>-?[\d.]+)\.\.(?P<last>-?[\d.]+)(?:/(?P<step>[\d.]+))?$")
_HOW = "Write KEY=8,12,16 or KEY=8..20/4"


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


def axes_of(words: Sequence[str]) -> dict[str, tuple[Value, ...]]:
    """Each key with its values, from ``macd.fast=8,12,16`` and ``macd.slow=20..32/4``. Raises ``UserError``."""
    axes: dict[str, tuple[Value, ...]] = {}
    for word in words:
        key, equals, values = word.partition("=")
        if not (key and equals and values):
            raise UserError(f"{word!r} is no part of a grid", "--grid", _HOW)
        if key in axes:
            raise UserError(f"{key} stands there twice", "--grid", _HOW)
        axes[key] = tuple(dict.fromkeys(_values(values, key)))
    size = prod(len(values) for values in axes.values())
    if size > MOST:
        told = " x ".join(f"{len(values):,}" for values in axes.values())
        raise UserError(f"{told} are {size:,} combinations, and {MOST:,} are the most", "--grid", "Give fewer values")
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


def _values(text: str, key: str) -> Iterator[Value]:
    for part in text.split(","):
        found = _RANGE.match(part)
        if found:
            yield from _between(found, key)
        else:
            yield _value(part.strip(), key)


def _between(found: re.Match[str], key: str) -> Iterator[Value]:
    first, last, step = (_number(found[name] or "1", key) for name in ("first", "last", "step"))
    if step <= 0 or last < first or (last - first) / step >= MOST:
        raise UserError(f"{found[0]!r} is no range of at most {MOST:,} values", f"--grid {key}", _HOW)
    for at in range(floor((last - first) / step + 1e-9) + 1):
        value = first + at * step
        yield value if isinstance(value, int) else round(value, 12)


def _value(text: str, key: str) -> Value:
    if text in ("none", "true", "false"):
        return {"none": None, "true": True, "false": False}[text]
    if not text:
        raise UserError("a value is missing", f"--grid {key}", _HOW)
    return _number(text, key) if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", text) else text


def _number(text: str, key: str) -> int | float:
    try:
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError as error:
        raise UserError(f"{text!r} is no number", f"--grid {key}", _HOW) from error
