"""Equity curves and fills for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from services.trading.fills import Side
from services.trading.statistics import EquityCurve, Traded

START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 10**6
HOUR = timedelta(hours=1)


def curve_of(
    *equity: float, capital: float = 100.0, timeframe: timedelta = HOUR, missing: Sequence[int] = ()
) -> EquityCurve:
    """One value a bar from the first of 2026 on; ``missing`` are the places of bars that lack."""
    length = timeframe // timedelta(microseconds=1)
    places = (at for at in range(len(equity) + len(missing)) if at not in missing)
    return EquityCurve(capital, timeframe, [START + at * length for at in places], equity)


def trip(entry: int, exit_: int | None, profit: float = 0.0, *, fee: float = 0.0) -> list[Traded]:
    """One coin bought at 100 at one bar and sold at another, each for ``fee``, so that ``profit`` is left."""
    bought = Traded(entry, Side.BUY, 1.0, 100.0, fee, -100.0 - fee, 1.0, "signal")
    if exit_ is None:
        return [bought]
    got = 100.0 + profit + 2 * fee
    return [bought, Traded(exit_, Side.SELL, 1.0, got, fee, got - fee, 0.0, "signal")]
