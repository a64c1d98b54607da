"""A backtest in a process of its own: what it is told, what it tells back, and how far it has come.

Whoever wants one submits ``run_apart`` to an executor whose processes began with ``begin_apart``: of this machine, or
of another that shares the two.
"""

import signal
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.core.errors import UserError
from services.core.sandbox.parent_death import end_with_parent
from services.core.sandbox.priority import lowest
from services.trading.backtest.comparing import compared
from services.trading.backtest.ordered import BacktestDone, BacktestOrder
from services.trading.backtest.run import Backtest
from services.trading.between_bars import refuse_between_bars
from services.trading.candles import Bars
from services.trading.candles.named_market import other_market
from services.trading.chart.marked import underwater
from services.trading.feed import open_feed
from services.trading.results import document
from services.trading.results.comparison import comparison_document
from services.trading.scoring.history import require_history
from services.trading.side_data import NONE, SideData
from services.trading.strategy import load_strategy

_EVERY = 256
"""Bars between two looks at whether it is still wanted."""


class Shared(Protocol):
    """A number that two processes share."""

    value: int


class NotWanted(Exception):
    """It was called off before it had come to its end."""


@dataclass
class _Between:
    """What this process shares with the one that began it."""

    percent: Shared | None = None
    stop: Shared | None = None

    def tell(self, done: int, total: int) -> None:
        """How far it has come. Raises ``NotWanted``."""
        if done % _EVERY and done != total:
            return
        if self.percent is not None:
            self.percent.value = 100 * done // total
        if self.stop is not None and self.stop.value:
            raise NotWanted("the backtest was called off")


_between = _Between()


def begin_apart(percent: Shared, stop: Shared) -> None:
    """The first thing that such a process does: it ends with its parent, leaves Ctrl-C to it, gives way to all else."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lowest()
    _between.percent, _between.stop = percent, stop


def run_apart(order: BacktestOrder, side: SideData = NONE) -> BacktestDone:
    """From the first candle to the last; ``side`` is what was read where the home is known.

    A strategy that listens, and asks no plug-in, is tested without its terms of posts too, as
    ``backtest --compare-sentiment`` does.

    Raises ``UserError`` for what cannot be read, and ``NotWanted``.
    """
    path = Path(order.strategy)
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    strategy = strategy.with_capital(order.capital)
    feed = open_feed(strategy, Path(order.data) if order.data else None)
    bars = Bars.of(feed.candles)
    if not len(bars):
        raise UserError("there is no candle in it", feed.label, "Give a file that has some")
    require_history(strategy, len(bars), feed.label)
    posts = side.posts or feed.posts
    if strategy.listens and posts is not None and side.series is None:
        comparison = compared(strategy, bars, feed.label, posts, lambda done: _between.tell(done, 2 * len(bars)))
        result, more = comparison.with_posts, {"sentiment": comparison_document(comparison)}
    else:
        backtest = Backtest(strategy, posts, series=side.series)
        result, more = backtest.run(bars, feed.label, lambda done: _between.tell(done, len(bars))), {}
    equity = array("d", result.curve.equity)
    told = document(result) | more
    if other := other_market(feed.label, strategy.market.symbol, strategy.name):
        told["notes"] = [other, *told["notes"]]
    return BacktestDone(told, bars.times, equity, underwater(equity, strategy.capital))
