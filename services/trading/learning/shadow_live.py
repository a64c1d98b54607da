"""The shadow run on live bars: a challenger beside its champion on the market as it is now, at the market's pace."""

from services.core.durations import seconds
from services.core.errors import UserError
from services.core.process import ConfigurationFault, Isolation
from services.core.process.context import Context
from services.trading.learning.live_sides import LiveSides
from services.trading.learning.shadow_process import ShadowTrader
from services.trading.learning.shadow_run import ShadowRun
from services.trading.live_feed import LiveFeed, LiveMarkets
from services.trading.paper.live_trader import equipped, require_live
from services.trading.venue.venue import VenueRefused

AGAIN = seconds(3600)
"""After so long one that has nothing to run looks whether its strategy is another one by now."""


class LiveShadowTrader(ShadowTrader):
    """A shadow run whose bars come from the set exchange as they close, the same as its champion's.

    It begins with the first bar after it was started, or after ``until`` where that is later: bars of the past would be
    candles that the walk forward could have seen. Its terms hear what this home records, and plug-ins are asked at each
    bar. Here ``promote: alone`` may be asked for.
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
            beside = LiveSides(context, markets, pair.champion, pair.challenger)
            with LiveFeed(context, markets, pair.champion) as feed:
                self.proven(pair.champion, feed.label)
                self._follow(context, ShadowRun(context, self, pair, feed.label, beside.sides), feed, beside)
        except (UserError, VenueRefused) as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def _follow(self, context: Context, run: ShadowRun, feed: LiveFeed, beside: LiveSides) -> None:
        """Bar after bar, until it is told to end; those that were missed in between are traded as they were."""
        if not run.begun():
            context.wait(AGAIN.total_seconds(), str(context.outcome))  # its run begins anew as soon as this one returns
            return
        past = feed.history(beside.memory + 1, run.last)
        if not past:
            raise UserError("there are no bars of its market yet", feed.label, "Look at its market and timeframe")
        beside.listen(run)
        beside.read(past)
        run.warm(past)
        for bar in feed.after(run.last or past[-1].time):
            beside.read([bar.candle])
            if bar.candle.time <= run.since:
                run.warm([bar.candle])
                continue
            beside.ask()
            run.take(bar.candle)
            if run.over:
                return
            context.doing(run.doing)
