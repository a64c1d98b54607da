"""A book over recorded candles, asked by the crosses of one MACD: the same loop interpreted and compiled.

Nothing here imports a compiler, as in ``tests.support.terms``.
"""

import math

from services.trading.steps import book_layout as at
from services.trading.steps.book import at_close, before_close, equity
from services.trading.steps.compiled import Floats, step
from services.trading.steps.cross import MACD_CROSS_SIZE, macd_cross
from services.trading.steps.spread import spread, spread_size

STATE = MACD_CROSS_SIZE + spread_size(60)
TOLD = 3
"""At each bar: the equity, how many fills it had, and the sum of their prices times their quantities, signed."""

PLAIN = {
    at.TICK_PART: 1.0,
    at.TICK_SCALE: 1e8,
    at.STEP_PART: 1.0,
    at.STEP_SCALE: 1000.0,
    at.MIN_NOTIONAL: 0.001,
    at.FEE: 0.001,
    at.SHARE: 1.0,
    at.STOP_FIRST: 1.0,
    at.LIMIT_SHARE: 0.1,
    at.SLIPPAGE_TICKS: 1.0,
}
LIMITS = {at.BY_LIMITS: 1.0, at.OFFSET_SHARE: 0.001, at.REPRICE_BARS: 2.0, at.REPRICE_TIMES: 1.0}
KINDS: dict[str, dict[int, float]] = {
    "stop, trailing and target": {at.STOP: 0.01, at.TRAILING: 0.015, at.TARGET: 0.01, at.COOL_DOWN: 2.0},
    "sized by volatility, fee in base": {at.VOLATILITY_TARGET: 0.01, at.FEE_IN_BASE: 1.0, at.AT_CLOSE: 1.0},
    "limits": {**LIMITS, at.THEN_MARKET: 1.0, at.FEE_IN_OTHER: 1.0},
    "limits given up": {**LIMITS, at.STOP: 0.01, at.TARGET: 0.02},
}


def terms_of(kind: str) -> list[float]:
    row = {**PLAIN, **KINDS[kind]}
    return [row.get(place, 0.0) for place in range(at.TERMS)]


@step
def run_book(
    state: Floats, book: Floats, terms: Floats, fills: Floats, opens: Floats, highs: Floats, lows: Floats,
    closes: Floats, volumes: Floats, count: int, shorts: bool, told: Floats,
) -> None:  # fmt: skip
    """Go through all bars; on every 96th some funding is due."""
    for bar in range(count):
        funding = 0.0001 if shorts and bar % 96 == 0 else 0.0
        before_close(book, terms, fills, opens[bar], highs[bar], lows[bar], volumes[bar], funding, False)
        cross = macd_cross(state, 0, 12, 26, 9, 1, closes[bar])
        book[at.VOLATILITY] = spread(state, MACD_CROSS_SIZE, 60, 288.0, closes[bar])
        way = 0.0 if math.isnan(cross) else cross
        enters = way if way > 0.0 or shorts else 0.0
        at_close(book, terms, fills, closes[bar], enters, way < 0.0, way > 0.0, bar == count - 1)
        traded = 0.0
        for number in range(int(book[at.FILLS])):
            row = number * at.FILL
            traded += fills[row + at.SIDE] * fills[row + at.QUANTITY] * fills[row + at.PRICE]
        told[TOLD * bar], told[TOLD * bar + 1] = equity(book, closes[bar]), book[at.FILLS]
        told[TOLD * bar + 2] = traded


def new_book(capital: float) -> list[float]:
    book = [0.0] * at.BOOK
    book[at.CASH] = capital
    return book
