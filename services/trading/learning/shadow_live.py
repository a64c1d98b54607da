"""The shadow run on live bars: a challenger beside its champion on the market as it is now, at the market's pace."""

from services.core.durations import seconds
from services.core.errors import UserError
from services.core.process import ConfigurationFault, Isolation
from services.core.process.context import Context
from services.trading.learning.shadow_process import Pair, ShadowRun, ShadowTrader
from services.trading.live_feed import LiveFeed, LiveMarkets
from services.trading.paper.live_trader import equipped, require_live
from services.trading.scoring.history import loaded_bars
from services.trading.venue.venue import VenueRefused

AGAIN = seconds(3600)
"""After so long one that has nothing to run looks whether its strategy is another one by now."""


class LiveShadowTrader(ShadowTrader):
    """A shadow run whose bars come from the set exchange as they close, the same as its champion's.

    It begins with the first bar after it was started, or after ``until`` where that is later: bars of the past would be
    candles that the walk forward could have seen. Here ``promote: alone`` may be asked for.
    """

    isolation = Isolation.THREAD
    heartbeat = seconds(60)
    goes_on = True

    def __post_init__(self) -> None:
        self._markets: LiveMarkets | None = None

    def equip(self, markets: LiveMarkets) -> None:
        """Given by the program to each that was built, where an exchange is set."""
        self._markets = markets

    def run(self, context: Context) -> None:
        try:
            pair, markets = self.pair(), equipped(self._markets)
            require_live(pair.champion, self.strategy)
            with LiveFeed(context, markets, pair.champion) as feed:
                self._follow(context, ShadowRun(context, self, pair, feed.label), feed, pair)
        except (UserError, VenueRefused) as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def _follow(self, context: Context, run: ShadowRun, feed: LiveFeed, pair: Pair) -> None:
        """Bar after bar, until it is told to end; those that were missed in between are traded as they were."""
        if not run.begun():
            context.wait(AGAIN.total_seconds(), str(context.outcome))  # its run begins anew as soon as this one returns
            return
        memory = max(map(loaded_bars, (pair.champion, pair.challenger))) + 1
        past = feed.history(memory, run.last)
        if not past:
            raise UserError("there are no bars of its market yet", feed.label, "Look at its market and timeframe")
        run.warm(past)
        for bar in feed.after(run.last or past[-1].time):
            if bar.candle.time <= run.since:
                run.warm([bar.candle])
                continue
            run.take(bar.candle)
            if run.over:
                return
            context.doing(run.doing)
