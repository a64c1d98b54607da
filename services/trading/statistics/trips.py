"""Round trips: from flat, through a position, to flat again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from services.trading.fills import Side
from services.trading.statistics.traded import Traded


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One that ended flat. Money in quote, base quantities."""

    side: Side
    """Of its entry: ``buy`` is long."""
    entry_bar: int
    exit_bar: int
    quantity: float
    """The most that was held."""
    invested: float
    """Notional of every fill on the side of the entry."""
    fees: float
    profit: float
    """After fees: what the cash grew by."""


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """Those that were closed, and the bar since which a position is open at the end."""

    closed: tuple[RoundTrip, ...]
    open_since: int | None = None

    @property
    def profits(self) -> tuple[float, ...]:
        """Of each that was closed, in order."""
        return tuple(trip.profit for trip in self.closed)


def round_trips(fills: Iterable[Traded]) -> RoundTrips:
    """What the fills of one market add up to; a partial exit ends nothing.

    Raises ``ValueError`` for fills out of order, and for one that turns a position around: a backtest makes two of it.
    """
    closed: list[RoundTrip] = []
    under_way: list[Traded] = []
    held, bar = 0.0, 0
    for fill in fills:
        _refuse_impossible(fill, held, bar)
        held, bar = fill.position, fill.bar
        under_way.append(fill)
        if held == 0:
            closed.append(_closed(under_way))
            under_way = []
    return RoundTrips(tuple(closed), under_way[0].bar if under_way else None)


def _refuse_impossible(fill: Traded, held: float, bar: int) -> None:
    """``held`` and ``bar`` are of the fill before."""
    if held == fill.position == 0:
        raise ValueError(f"nothing was held, and nothing is: {fill}")
    if fill.bar < bar:
        raise ValueError(f"it is earlier than the fill before: {fill}")
    if min(held, fill.position) < 0 < max(held, fill.position):
        raise ValueError(f"it turns a position around: {fill}")


def _closed(fills: Sequence[Traded]) -> RoundTrip:
    first = fills[0]
    return RoundTrip(
        side=first.side,
        entry_bar=first.bar,
        exit_bar=fills[-1].bar,
        quantity=max(abs(fill.position) for fill in fills),
        invested=fsum(fill.notional for fill in fills if fill.side is first.side),
        fees=fsum(fill.fee for fill in fills),
        profit=fsum(fill.cash for fill in fills),
    )
