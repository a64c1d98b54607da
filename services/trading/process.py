"""The trading process: one strategy on recorded or generated candles, into a paper account."""

from pathlib import Path

from services.core.errors import UserError
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context
from services.core.yamlfile import value_in
from services.trading.between_bars import refuse_between_bars
from services.trading.feed import Feed, open_feed
from services.trading.language.terms import PluginTerm
from services.trading.replay import Replay
from services.trading.strategy import Strategy, load_strategy


class ReplayTrader(Process):
    """Replays candles through one MACD strategy.

    ``strategy`` is a YAML file, ``data`` the folder with recorded candles, ``speed`` candles a second (0 is as fast
    as possible), ``capital`` replaces the strategy's own, and ``loop`` begins a new session after the last candle.
    """

    service = "trading"
    parallel = False

    strategy: str
    data: str | None = None
    speed: float = 20.0
    capital: float | None = None
    loop: bool = False

    def run(self, context: Context) -> None:
        context.doing("reading the candles")
        strategy, feed = self._configured()
        while True:
            Replay(context, strategy, feed, self.speed).run()
            if not self.loop:
                return

    def _configured(self) -> tuple[Strategy, Feed]:
        """Raises ``ConfigurationFault`` in the words of the mistake: a restart would not mend it."""
        try:
            strategy = self._own(load_strategy(Path(self.strategy)))
            refuse_between_bars(strategy, Path(self.strategy))
            _refuse_plugins(strategy, Path(self.strategy))
            feed = open_feed(strategy, Path(self.data) if self.data else None)
            _require_posts(strategy, feed, self.strategy)
            return strategy, feed
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def _own(self, strategy: Strategy) -> Strategy:
        """The strategy with this process's capital."""
        if self.capital is None:
            return strategy
        if not self.capital > 0:
            raise UserError(f"capital is {self.capital}", "trading process", "Set a number above 0, or leave it out")
        return strategy.model_copy(update={"capital": float(self.capital)})


def _refuse_plugins(strategy: Strategy, path: Path) -> None:
    """A term that says nothing would be worse than none: such a strategy is not traded. Raises ``UserError``."""
    for name, term in strategy.terms.items():
        if isinstance(term, PluginTerm):
            place = value_in(path, "terms", name)
            raise UserError(
                "terms of plug-ins are run by backtests alone so far", place, "Take it out to trade on paper"
            )


def _require_posts(strategy: Strategy, feed: Feed, path: str) -> None:
    """Recorded candles are of another time than what is posted now, so nothing else is listened to."""
    if strategy.listens and feed.posts is None:
        mend = "Name posts of the candles' time under posts: {recorded: FILE.jsonl}, or take these terms out"
        raise UserError("its terms of posts have nothing to listen to", path, mend)
