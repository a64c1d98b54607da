"""What a market and its bars leave out of the money that is made on them, whatever the strategy."""

from services.trading.candles import Bars
from services.trading.strategy import Market

_GRID = 1e-6
"""How far from a tick, in ticks, a price may lie and still be on the grid."""


def notes_on_market(market: Market, bars: Bars) -> tuple[str, ...]:
    """What of it holds for every strategy on that market."""
    told = []
    if market.kind == "perpetual" and bars.funding is None:
        told.append("funding not included: the candles have no column funding_rate")
    off = _off_the_grid(bars, market.tick)
    if off:
        told.append(f"{off:,} opens lie between ticks of {market.tick:g}; fills are rounded to the nearest")
    return tuple(told)


def _off_the_grid(bars: Bars, tick: float) -> int:
    return sum(abs(price / tick - round(price / tick)) > _GRID * max(1.0, price / tick * 1e-6) for price in bars.opens)
