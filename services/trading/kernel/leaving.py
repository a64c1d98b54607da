"""A window that ends flat: what is held at its last close is left there, as ``learning.window_run`` leaves it."""

from collections.abc import Sequence

from services.trading.kernel import trading as tallied
from services.trading.kernel.batch import Batch
from services.trading.kernel.layout import Numbers
from services.trading.steps import book_layout as at
from services.trading.steps.book import worth
from services.trading.strategy import Strategy


def leave(strategies: Sequence[Strategy], batch: Batch) -> None:
    """Take down one more fill, with slippage and fee, of each book that holds something."""
    last = batch.tape.bars - 1
    close = float(batch.tape.closes[last])
    for strategy, book, tally in zip(strategies, batch.books, batch.tallies, strict=True):
        if tally[tallied.TRIP] != 0.0:
            _left(strategy, book, tally, last, close)


def _left(strategy: Strategy, book: Numbers, tally: Numbers, last: int, close: float) -> None:
    held, against = float(book[at.HELD]), strategy.slippage.ticks * strategy.market.tick
    price = max(close - against if held > 0 else close + against, strategy.market.tick)
    fee = abs(held) * price * strategy.fee_rate
    equity = worth(book[at.CASH], held, book[at.OWED], close) + (held * (price - close) - fee)
    tally[tallied.TRADED] += abs(held) * price
    tally[tallied.FILLED] += 1.0
    tally[tallied.PROFIT] += held * price - fee - book[at.FUNDING]
    tallied.ended(tally, last)
    book[at.CASH], book[at.HELD], book[at.OWED] = equity, 0.0, 0.0
    book[at.FEES] += fee
