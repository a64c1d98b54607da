"""What a bot holds by its own fills: how much, and at what mean price it was entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.trading.tape import BotTape, TapeRow


@dataclass(frozen=True, slots=True)
class Holding:
    """``quantity`` in base, below 0 when short; ``entry`` is the mean of its entries, in quote, without fees."""

    quantity: float
    entry: float

    @property
    def side(self) -> int:
        """1 for a long, −1 for a short."""
        return 1 if self.quantity > 0 else -1

    def change(self, price: float) -> float:
        """What it has gained at that price, as a share of its entry; below 0 for a loss."""
        return self.side * (price / self.entry - 1)


def position_of(tape: BotTape | None) -> Holding | None:
    """The position after the newest fill; None where there is none.

    An exit leaves what is less than one step: the fee was taken of the coins, or the sum of parts was rounded. Nobody
    can sell that, and it is no position; its round trip is counted as over.
    """
    fills = tape.of_session if tape is not None else ()
    if not fills or ends_flat(fills, len(fills) - 1):
        return None
    quantity = fills[-1].held
    entries: list[TapeRow] = []
    for place in range(len(fills) - 1, -1, -1):
        if ends_flat(fills, place):
            break
        if _way(fills[place]) * quantity > 0:
            entries.append(fills[place])
    bought = sum(row.quantity for row in entries)
    return Holding(quantity, sum(row.quantity * row.price for row in entries) / bought) if bought else None


def in_part(fills: Sequence[TapeRow]) -> tuple[bool, ...]:
    """Which of a session's fills, oldest first, were exits that left something of the position to be left later."""
    held = (0.0, *(row.held for row in fills[:-1]))
    return tuple(
        _way(row) * before < 0 and not ends_flat(fills, place)
        for place, (row, before) in enumerate(zip(fills, held, strict=True))
    )


def ends_flat(fills: Sequence[TapeRow], place: int) -> bool:
    """Whether nothing was held any more after that one of a session's fills."""
    row = fills[place]
    return row.held == 0 or (place > 0 and row.trades > fills[place - 1].trades)


def _way(row: TapeRow) -> int:
    return 1 if str(row.side) == "buy" else -1
