"""Trades one strategy on paper, on the bars of a real exchange as they close. It needs no account and holds no key."""

from collections.abc import Iterator
from pathlib import Path

from services.core.durations import seconds
from services.core.errors import UserError
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.trading.between_bars import refuse_between_bars
from services.trading.live_feed import LiveFeed, LiveMarkets
from services.trading.own_file import own_file
from services.trading.paper.latency import Latency, latency_of
from services.trading.paper.live_session import PaperSession
from services.trading.paper.process import own_capital
from services.trading.strategy import Strategy, load_strategy
from services.trading.venue.venue import VenueRefused


class PaperTrader(Process):
    """Acts once on each closed bar, in a paper account.

    ``strategy`` is a YAML file with ``data: live``; ``capital`` replaces its own, ``latency`` (such as 250ms) is how
    long an order is on its way. An order at market is filled from the exchange's order book as it stands then, the
    price weighed by volume; where there is no book, at the last close with the strategy's slippage. ``data`` is the
    folder in which the bars that it reads are kept for a chart; ``close`` names a position that is left at once.
    """

    service = "trading"
    isolation = Isolation.THREAD
    heartbeat = seconds(60)
    goes_on = True
    parallel = False

    strategy: str
    capital: float | None = None
    latency: str | None = None
    data: str | None = None
    close: str | None = None

    def __post_init__(self) -> None:
        self._markets: LiveMarkets | None = None

    def equip(self, markets: LiveMarkets) -> None:
        """Given by the program to each that was built, where an exchange is set."""
        self._markets = markets

    def run(self, context: Context) -> None:
        try:
            strategy, latency = self._configured()
            markets = equipped(self._markets)
            with LiveFeed(context, markets, strategy) as feed:
                keep = Path(self.data) if self.data else None
                PaperSession(context, strategy, feed, markets, latency, keep, self.close).run()
        except (UserError, VenueRefused) as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def _configured(self) -> tuple[Strategy, Latency]:
        path = Path(self.strategy)
        strategy = own_capital(load_strategy(path), self.capital)
        refuse_between_bars(strategy, path)
        require_live(strategy, own_file(self.strategy))
        return strategy, latency_of(self.latency, strategy)


def equipped(markets: LiveMarkets | None) -> LiveMarkets:
    """Raises ``ConfigurationFault`` where no exchange is set."""
    if markets is None:
        raise ConfigurationFault(
            "no exchange is set, whose bars could be read. "
            "Set trading.exchange to binance (no key is needed), or write data: generated"
        )
    return markets


def require_live(strategy: Strategy, path: str) -> None:
    """Raise ``UserError`` for what live bars of a spot market cannot give."""
    if not strategy.live:
        raise UserError(f"its candles are {strategy.data}", path, "Write data: live, or run it as kind: trading.replay")
    if lacks := ", ".join(_lacks(strategy)):
        raise UserError(f"on live bars there is no {lacks}", path, "Leave it out, or name recorded candles")


def _lacks(strategy: Strategy) -> Iterator[str]:
    asked = {"market: {kind: perpetual}": strategy.market.kind != "spot", "fill: close": strategy.fill == "close"}
    return (name for name, said in asked.items() if said)
