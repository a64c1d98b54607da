"""A walk forward as a process, for the window and for a schedule: at the lowest priority, in a child of its own."""

from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context
from services.core.sandbox.priority import lowest
from services.core.words import counted
from services.trading.between_bars import refuse_between_bars
from services.trading.candles import Bars
from services.trading.feed import Feed, open_feed
from services.trading.learning.evaluating import OneByOne
from services.trading.learning.events import WalkedForward
from services.trading.learning.sources import Sources
from services.trading.learning.values import in_words
from services.trading.social.post import Posts
from services.trading.strategy import Strategy, load_strategy


class WalkForwardRun(Process):
    """Chooses parameters on past candles, measures them on the candles after, and tells what came of it.

    ``strategy`` is a YAML file, ``grid`` has parts such as ``macd.fast=8,12``, ``trials`` is the ledger's file. The
    rest is as the command line has it; ``embargo`` is as far as the terms look back where it is None. What its terms
    decide by beside the bars is what the command line finds: the file ``posts``, else the strategy's own, else what the
    home of ``store`` has recorded, and the plug-ins.
    """

    service = "trading"
    parallel = False
    priority = 9

    strategy: str
    grid: list[str]
    trials: str | None = None
    windows: int = 6
    anchored: bool = False
    train: float = 3.0
    embargo: int | None = None
    by: str = "sharpe"
    data: str | None = None
    posts: str | None = None
    store: str | None = None
    plugins: str | None = None
    approved: dict[str, str] | None = None
    cache: str | None = None

    def run(self, context: Context) -> None:
        lowest()
        context.doing("reading the candles")
        try:
            self._walk(context)
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def _walk(self, context: Context) -> None:
        from services.trading.learning.search import Search, Wanted  # with the ledger, which no other child needs

        if not self.trials:
            raise UserError("there is no ledger of trials", "walk forward", "Name its file with trials")
        path = Path(self.strategy)
        strategy = load_strategy(path)
        refuse_between_bars(strategy, path)
        feed = open_feed(strategy, Path(self.data) if self.data else None)
        bars = Bars.of(feed.candles)
        wanted = Wanted(tuple(self.grid), self.windows, self.anchored, self.train, self.embargo, self.by)
        sources = Sources(self.posts, self.recorded, self.plugins, self.approved, self.cache)
        side = sources.side(context, strategy, bars, feed.posts)
        search = Search.of(strategy, wanted, bars, feed.label, side)
        total = search.backtests

        def done(count: int) -> None:
            context.progress(count, total, f"{count:,} of {counted(total, 'backtest')}")
            context.checkpoint()

        told = search.run(OneByOne(search.side), Path(self.trials), done)
        context.emit(self._came_of_it(strategy, feed, told))
        context.outcome = f"{counted(len(search.splits), 'window')}; chosen: {in_words(told['challenger'])}"

    def recorded(self) -> Posts | None:
        """The posts that the home of ``store`` has recorded; where no home is known, as here, there are none."""
        return None

    def _came_of_it(self, strategy: Strategy, feed: Feed, told: dict[str, Any]) -> WalkedForward:
        whole = told["out_of_sample"]
        return WalkedForward(
            strategy=strategy.name,
            market=strategy.market.symbol,
            label=feed.label,
            grid=list(self.grid),
            windows=len(told["windows"]),
            anchored=self.anchored,
            returned=whole["total_return"],
            sharpe=whole["sharpe"],
            deflated=whole["deflated_sharpe"],
            trials=told["trials"]["counted"],
            low=told["against_champion"].get("low"),
            challenger=told["challenger"],
            until=feed.candles[-1].time,
            notes=tuple(told["notes"]),
        )
