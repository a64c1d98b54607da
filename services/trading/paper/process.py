"""The trading process: one strategy on recorded or generated candles, into a paper account."""

from pathlib import Path

from services.core.errors import UserError
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context
from services.trading.between_bars import refuse_between_bars
from services.trading.candles import Bars
from services.trading.feed import Feed, open_feed
from services.trading.own_file import own_file
from services.trading.paper.latency import Latency, latency_of
from services.trading.paper.replay import Replay
from services.trading.plugins.approved import plugin_terms
from services.trading.plugins.series import Series, plugin_files
from services.trading.scoring.history import require_history
from services.trading.strategy import Strategy, load_strategy


class ReplayTrader(Process):
    """Replays candles through one strategy.

    ``strategy`` is a YAML file, ``data`` the folder with recorded candles, ``speed`` candles a second (0 is as fast
    as possible), ``capital`` replaces the strategy's own, and ``loop`` begins a new session after the last candle.
    ``latency`` (such as 250ms) is how long an order is on its way. ``plugins`` is the folder of files with terms,
    ``approved`` gives the SHA-256 that may run of each, and what they say is kept in ``cache``.
    ``close`` names a position that is left at the next price.
    """

    service = "trading"
    parallel = False

    strategy: str
    data: str | None = None
    speed: float = 20.0
    capital: float | None = None
    loop: bool = False
    latency: str | None = None
    plugins: str | None = None
    approved: dict[str, str] | None = None
    cache: str | None = None
    close: str | None = None

    def run(self, context: Context) -> None:
        context.doing("reading the candles")
        strategy, feed, latency = self._configured()
        series = self._series(context, strategy, feed)
        while True:
            Replay(context, strategy, feed, self.speed, series, latency, self.close).run()
            if not self.loop:
                return

    def _configured(self) -> tuple[Strategy, Feed, Latency]:
        """Raises ``ConfigurationFault`` in the words of the mistake: a restart would not mend it."""
        try:
            strategy = own_capital(load_strategy(Path(self.strategy)), self.capital)
            refuse_between_bars(strategy, Path(self.strategy))
            feed = open_feed(strategy, Path(self.data) if self.data else None)
            require_history(strategy, len(feed.candles), feed.label)
            require_posts(strategy, feed, own_file(self.strategy))
            return strategy, feed, latency_of(self.latency, strategy)
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def _series(self, context: Context, strategy: Strategy, feed: Feed) -> Series | None:
        """What plug-ins say of the candles; None where no term is one's."""
        if not plugin_files(strategy):
            return None
        context.doing("asking plug-ins about the candles")
        try:
            terms = plugin_terms(strategy, self.plugins, self.approved, self.cache, context.clock)
            series = terms.series(strategy, Bars.of(feed.candles), context.checkpoint)
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake
        for note in series.notes:
            context.log.warning("%s", note)
        return series


def own_capital(strategy: Strategy, capital: float | None) -> Strategy:
    """The strategy with its process's capital, where that says one. Raises ``UserError``."""
    if capital is not None and not capital > 0:
        raise UserError(f"capital is {capital}", "trading process", "Set a number above 0, or leave it out")
    return strategy.with_capital(capital)


def require_posts(strategy: Strategy, feed: Feed, path: str) -> None:
    """Recorded candles are of another time than what is posted now, so nothing else is listened to. Raises
    ``UserError``."""
    if not strategy.listens:
        return
    if feed.posts is None:
        mend = (
            "Write data: live, name posts of the candles' time under posts: {recorded: FILE.jsonl}, or leave them out"
        )
        raise UserError("its terms of posts have nothing to listen to", path, mend)
    if why := feed.of_another_time:
        raise UserError(why, path, "Name posts of the candles' time, or candles of the posts' time")
