"""What others offer on a market: set by hand level by level, or made around a price."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Level = list[Decimal]
DEEP = Decimal(1_000_000)


@dataclass
class Book:
    """Others' levels, best first, each [price, quantity], and the last price traded."""

    tick: Decimal
    last: Decimal = Decimal(0)
    half_spread: int = 1
    """In ticks, of a book that is made around a price."""
    bids: list[Level] = field(default_factory=list)
    asks: list[Level] = field(default_factory=list)

    def around(self, price: Decimal, quantity: Decimal = DEEP) -> None:
        """One deep level on either side of a price."""
        away = self.tick * self.half_spread
        self.last = price
        self.bids = [[price - away, quantity]]
        self.asks = [[price + away, quantity]]

    def set(self, bids: Sequence[Sequence[str]], asks: Sequence[Sequence[str]]) -> None:
        self.bids = sorted(([Decimal(p), Decimal(q)] for p, q in bids), reverse=True)
        self.asks = sorted([Decimal(p), Decimal(q)] for p, q in asks)

    def take(self, *, buys: bool, quantity: Decimal, limit: Decimal) -> list[tuple[Decimal, Decimal]]:
        """Consume what stands at the limit or better: (price, quantity) of each level."""
        levels = self.asks if buys else self.bids
        taken: list[tuple[Decimal, Decimal]] = []
        while quantity and levels and (levels[0][0] <= limit if buys else levels[0][0] >= limit):
            part = min(quantity, levels[0][1])
            taken.append((levels[0][0], part))
            levels[0][1] -= part
            quantity -= part
            if not levels[0][1]:
                levels.pop(0)
        return taken
