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
        coins = self.polling.read(ALL, self._of_coins, currency) or set()
        everywhere = {*symbols, *coins, *known}
        for symbol in sorted(everywhere):
            self.polling.read(symbol, self._market, symbol)
        withheld = dict(self.polling.unread)
        self.polling.poll()
        self.unread = self.polling.unread | withheld
        self.reached = not self.unread.keys() >= everywhere | {ALL}
        if not self.unread:
            self.register.ledger.append(kept={_SEEN: now.isoformat()})

    def _market(self, symbol: str) -> None:
        self.polling.recall(symbol, self._since(symbol))
        self.register.at("reconcile_recalled")
        self.polling.trades(symbol, self._since(symbol))
        self.register.at("reconcile_trades")

    def seen(self) -> None:
        """All is known until now: the next start looks back no further. Written now and then."""
        now, kept = self.register.venue.now(), self.register.ledger.kept(_SEEN)
        if not kept or abs(now - datetime.fromisoformat(kept)) >= SEEN_EVERY:
            self.register.ledger.append(kept={_SEEN: now.isoformat()})

    def _of_coins(self, currency: str) -> set[str]:
        """Where the ledger is empty: the markets of the coins that the account holds, against its own currency."""
        if self.register.ledger.kept(_SEEN) or not currency:
            return set()
        found = set()
        for coin in self.register.venue.funds():
            symbol = f"{coin}/{currency}"
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

    def _since(self, symbol: str) -> datetime:
        kept = self.register.ledger.kept(_SEEN)
        seen = datetime.fromisoformat(kept) if kept else self.register.venue.now() - LOOK_BACK
        begun = [order.at for order in self.register.book.open_orders(symbol=symbol)]
        return min([seen, *begun]) - OVERLAP
