"""The values that a number of a strategy goes through: ``6:13``, ``20:38:2``, ``1,2.5,4``, as a person writes them."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from services.core.errors import UserError

HOW = "Write KEY=FIRST:LAST, KEY=FIRST:LAST:STEP or KEY=A,B,C, such as {}=6:13"
MOST_VALUES = 1_000_000
"""Of one axis; a longer one is refused before it is written out."""
_KEY = re.compile(r"[a-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class Axis:
    """A number of the strategy by its key, such as ``stop.percent``, and its values."""

    key: str
    values: tuple[int | float, ...]


def axis(text: str, example: str = "stop.percent") -> Axis:
    """Read one axis; raises ``UserError``, whose hint has the ``example``, a key of the strategy."""
    key, equals, said = text.partition("=")
    if not equals or not _KEY.fullmatch(key):
        raise UserError(f"{text!r} names no key with its values", "--grid", HOW.format(example))
    where, how = f"--grid {key}", HOW.format(example)
    values = _range(said, where, how) if ":" in said else tuple(_number(part, where, how) for part in said.split(","))
    if len(set(values)) < len(values):
        raise UserError(f"{said!r} has a value twice", where, "Give each once")
    return Axis(key, values)


def _range(said: str, where: str, how: str) -> tuple[int | float, ...]:
    parts = said.split(":")
    if len(parts) > 3:
        raise UserError(f"{said!r} is no range", where, how)
    numbers = [_decimal(part, where, how) for part in (*parts, "1")[:3]]
    first, last, step = numbers
    if step <= 0 or last < first:
        raise UserError(f"{said!r} goes nowhere", where, "Let it go upwards by a step above 0")
    count = int((last - first) / step) + 1
    if count > MOST_VALUES:
        raise UserError(f"{said!r} are {count:,} values, and {MOST_VALUES:,} are the most", where, "Take a larger step")
    whole = all(_is_whole(number) for number in (first, step))
    return tuple((int if whole else float)(first + index * step) for index in range(count))


def _number(said: str, where: str, how: str) -> int | float:
    number = _decimal(said, where, how)
    return int(number) if _is_whole(number) and "." not in said else float(number)


def _decimal(said: str, where: str, how: str) -> Decimal:
    try:
        number = Decimal(said.strip())
    except InvalidOperation:
        raise UserError(f"{said!r} is no number", where, how) from None
    if not number.is_finite() or abs(number) > 1e15 or number.as_tuple().exponent < -15:  # type: ignore[operator]
        raise UserError(f"{said!r} is beyond what a strategy says", where, how)
    return number


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()
