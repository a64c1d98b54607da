"""What an order at market meets in an order book: level after level, until it is filled or the book is at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from services.core.words import counted

Level = tuple[Decimal, Decimal]
"""A price and the quantity that stands there."""


@dataclass(frozen=True, slots=True)
class Walked:
    """``quantity`` of base is had for ``price`` each, the mean weighed by volume, over so many ``levels``."""

    price: Decimal
    quantity: Decimal
    levels: int
    whole: bool
    """Whether the book held all that was asked for."""

    @property
    def told(self) -> str:
        short = "" if self.whole else ", which held no more"
        return f"the order book, {counted(self.levels, 'level')}{short}"


def walked(levels: Sequence[Level], quantity: Decimal) -> Walked | None:
    """Take ``quantity`` from the best level on; None where nothing stands there."""
    left, paid, count = quantity, Decimal(0), 0
    for price, there in levels:
        if left <= 0:
            break
        part = min(left, there)
        paid, left, count = paid + part * price, left - part, count + 1
    had = quantity - left
    return Walked(paid / had, had, count, whole=left <= 0) if had > 0 else None


def against_us(price: Decimal, tick: Decimal, side: float) -> Decimal:
    """On the grid of prices: a mean that lies between two of them is taken as the worse one."""
    return (price / tick).to_integral_value(ROUND_CEILING if side > 0 else ROUND_FLOOR) * tick
