"""Before anything new: what became of ours while nobody watched. Twice in a row, the second changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.trading.desk.polling import ALL, OVERLAP, Polling
from services.trading.desk.register import Register
from services.trading.desk.sending import doubted, never_sent
from services.trading.desk.states import OrderState
from services.trading.venue.venue import VenueRefused

LOOK_BACK = timedelta(days=30)
"""How far an empty ledger looks back for what is ours."""
SEEN_EVERY = timedelta(minutes=10)
_SEEN = "seen"


@dataclass
class Reconciling:
    """One pass at start, over the markets that the bots trade and those of which the ledger knows."""

    register: Register
    polling: Polling
    _done: set[str] = field(default_factory=set)
    """Markets gone through by a pass that could not be ended: the next one goes on behind them."""
    unread: dict[str, str] = field(default_factory=dict)
    """Markets that could not be brought to one, and why: nothing may begin before they are."""
    reached: bool = False
    """Whether the exchange told anything at all."""

    def run(self, symbols: Iterable[str] = (), currency: str = "") -> None:
        """Bring ledger and exchange to one, market by market; what cannot be asked stands in ``unread``."""
        now = self.register.venue.now()
        self._own_up()
        self.register.at("reconcile_begun")
        self.polling.unread.clear()
        resting = self.polling.read(ALL, self.polling.open_orders) or []
        self.register.at("reconcile_orders")
        known = self.register.book.symbols() | {each.symbol for each in resting}
        ever = {*symbols, *(order.symbol for order in self.register.book.orders.values())}
        named = self.polling.read(ALL, self._markets, ever) or set()
        coins = self.polling.read(ALL, self._of_coins, ever | known, currency) or set()
        everywhere = {*named, *coins, *known}
        for symbol in sorted(everywhere - self._done, key=lambda each: (each not in known, each)):
            self.polling.read(symbol, self._market, symbol)
        withheld = dict(self.polling.unread)
        self.polling.poll()
        self.unread = self.polling.unread | withheld
        self.reached = not self.unread.keys() >= everywhere | {ALL}
        if not self.unread:
            self._done.clear()
            self.register.keep({_SEEN: now.isoformat()})

    def _market(self, symbol: str) -> None:
        self.polling.recall(symbol, known_until(self.register, symbol))
        self.register.at("reconcile_recalled")
        self.polling.trades(symbol, known_until(self.register, symbol))
        self.register.at("reconcile_trades")
        self._done.add(symbol)

    def seen(self) -> None:
        """All is known until now: the next start looks back no further. Written now and then."""
        now, kept = self.register.venue.now(), self.register.ledger.kept(_SEEN)
        if not kept or abs(now - datetime.fromisoformat(kept)) >= SEEN_EVERY:
            self.register.keep({_SEEN: now.isoformat()})

    def _of_coins(self, symbols: Iterable[str], currency: str) -> set[str]:
        """Where a ledger that was lost or put back may have bought: coins that the account has beyond what is known.

        Against the account's own currency, and every other one that is traded in.
        """
        quotes = {currency, *(symbol.split("/")[1].split(":")[0] for symbol in symbols)} - {""}
        quotes |= {given.quote for given in self.register.book.capital.values()}
        funds, owned = self.register.venue.funds(), self.register.book.owned
        beyond = {coin: held.total - owned(coin) for coin, held in funds.items() if held.total > owned(coin)}
        found = self._markets(f"{coin}/{quote}" for coin in beyond for quote in quotes if coin != quote)
        return {symbol for symbol in found if beyond[symbol.split("/")[0]] >= self.register.rules(symbol).min_quantity}

    def _markets(self, symbols: Iterable[str]) -> set[str]:
        """Those of them that the exchange has."""
        found = set()
        for symbol in symbols:
            try:
                self.register.rules(symbol)
            except VenueRefused:
                continue
            found.add(symbol)
        return found

    def _own_up(self) -> None:
        """What died with the last run: never sent, or sent and nobody heard the answer."""
        for order in self.register.book.open_orders():
            if order.state is OrderState.INITIALISED:
                self.register.news(never_sent(self.register, order))
            elif order.state is OrderState.SUBMITTED:
                self.register.news(doubted(self.register, order, "the program ended before the answer came"))


def known_until(register: Register, symbol: str) -> datetime:
    """Until when all that was done on a market is in the ledger."""
    kept = register.ledger.kept(_SEEN)
    seen = datetime.fromisoformat(kept) if kept else register.venue.now() - LOOK_BACK
    begun = [order.at for order in register.book.open_orders(symbol=symbol)]
    return min([seen, *begun]) - OVERLAP
