"""A window that ends flat: what is held at its last close is left there, as ``learning.window_run`` leaves it."""

import numpy as np

from services.trading.kernel import trading as tallied
from services.trading.kernel.tape import Numbers
from services.trading.steps import book_layout as at
from services.trading.steps.book import worth
from services.trading.strategy import Strategy


def left(
    strategy: Strategy, book: Numbers, last: int, close: float, spells: Numbers, count: int, tally: Numbers
) -> tuple[int, float]:
    """Take down one more fill, with slippage and fee, at the bar ``last``; returns how many spells there are then, and
    the fee."""
    if tally[tallied.TRIP] == 0.0:
        return count, 0.0
    held, against = float(book[at.HELD]), strategy.slippage.ticks * strategy.market.tick
    price = max(close - against if held > 0 else close + against, strategy.market.tick)
    fee = abs(held) * price * strategy.fee_rate
    equity = worth(book[at.CASH], held, book[at.OWED], close) + (held * (price - close) - fee)
    tally[tallied.TRADED] += abs(held) * price
    tally[tallied.FILLED] += 1.0
    tally[tallied.PROFIT] += held * price - fee - book[at.FUNDING]
    tallied.ended(tally, last)
    spell = count - 1 if spells[(count - 1) * tallied.SPELL] == last else count
    spells[spell * tallied.SPELL : (spell + 1) * tallied.SPELL] = np.array([last, equity, 0.0, 0.0])
    return spell + 1, fee
