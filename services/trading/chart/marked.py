"""A session's fills upon its candles: where each was, and what the account was worth after every bar."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from services.trading.candles.moments import microseconds_of
from services.trading.chart.charted import Charted
from services.trading.fills import Side
from services.trading.paper.commands import ASKED
from services.trading.tape import TapeRow


@dataclass(frozen=True)
class Marked:
    """A fill on its bar, by index."""

    bar: int
    price: float
    entry: bool


def bar_of(charted: Charted, row: TapeRow) -> int:
    """The index of the bar on which it was filled: the one after the deciding bar where fills are at the next open."""
    if row.traded is not None:
        return _within(charted, microseconds_of(row.traded))
    at = bisect_left(charted.bars.times, microseconds_of(row.candle))
    rule = row.because.get("rule") if isinstance(row.because, dict) else None
    by_rule = rule is not None and rule != ASKED  # what a person asks for is filled at the next open, as a signal is
    return at if by_rule or charted.conduct.fill == "close" else at + 1


def _within(charted: Charted, at: int) -> int:
    """The bar within which that was: -1 for one before the first, the one after the last while that is under way."""
    bar = bisect_right(charted.bars.times, at) - 1
    over = bar >= 0 and at >= charted.bars.times[bar] + round(charted.bar_seconds * 1e6)
    return bar + 1 if over else bar


def marked(charted: Charted, rows: Sequence[TapeRow]) -> tuple[Marked, ...]:
    """The fills on known bars; one whose bar is not known yet stands on the newest."""
    last = charted.count - 1
    placed = ((bar_of(charted, row), row) for row in rows) if last >= 0 else ()
    return tuple(Marked(min(bar, last), row.price, row.side is Side.BUY) for bar, row in placed if 0 <= bar <= last + 1)


def equity_of(charted: Charted, rows: Sequence[TapeRow], capital: float) -> "array[float]":
    """Cash and coins at each bar's close after its fills, in quote; ``rows`` are all fills of the session."""
    steps = [(bar_of(charted, row), row.cash, row.held) for row in rows]
    worth, cash, held, next_ = array("d"), capital, 0.0, 0
    for bar, close in enumerate(charted.bars.closes):
        while next_ < len(steps) and steps[next_][0] <= bar:
            _, cash, held = steps[next_]
            next_ += 1
        worth.append(cash + held * close)
    return worth


def underwater(equity: Sequence[float], capital: float) -> "array[float]":
    """How far each value lies below the peak until then, as a share from 0 down to -1; the capital is a peak."""
    below, peak = array("d"), capital
    for value in equity:
        peak = max(peak, value)
        below.append(value / peak - 1 if peak > 0 else 0.0)
    return below
