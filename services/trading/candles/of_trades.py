"""Bars of recorded trades."""

from array import array
from datetime import timedelta
from math import fsum

from services.trading.candles.bars import Bars
from services.trading.candles.moments import MICROSECOND
from services.trading.candles.trades import Trades

_WEEK = timedelta(weeks=1) // MICROSECOND
_MONDAY = timedelta(days=4) // MICROSECOND
"""From 1970-01-01, a Thursday, to the first Monday."""


def bars_of(trades: Trades, timeframe: timedelta) -> Bars:
    """Bars of ``timeframe``, each with the time of its open; no bar where there was no trade.

    Bars begin at whole multiples of the timeframe since 1970-01-01 00:00 UTC, those of whole weeks on Mondays. A trade
    at the very moment that a bar begins is that bar's. ``trades`` are in order, as ``read_trades`` gives them. The
    volume is the sum of the amounts, rounded once.
    """
    length = timeframe // MICROSECOND
    if length <= 0:
        raise ValueError(f"a bar of {timeframe} is no bar")
    origin = 0 if length % _WEEK else _MONDAY
    made = Bars(array("q"), *(array("d") for _ in range(5)))
    start = 0
    for end in range(1, len(trades) + 1):
        opened = _opened(trades.times[start], length, origin)
        if end == len(trades) or _opened(trades.times[end], length, origin) != opened:
            _append(made, opened, trades.prices[start:end], trades.amounts[start:end])
            start = end
    return made


def _opened(time: int, length: int, origin: int) -> int:
    return time - (time - origin) % length


def _append(bars: Bars, opened: int, prices: "array[float]", amounts: "array[float]") -> None:
    bars.times.append(opened)
    bars.opens.append(prices[0])
    bars.highs.append(max(prices))
    bars.lows.append(min(prices))
    bars.closes.append(prices[-1])
    bars.volumes.append(fsum(amounts))
