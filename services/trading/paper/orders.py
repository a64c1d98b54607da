"""The order as an effect: described as data, with a key that follows from its cause."""

import hashlib
from datetime import datetime

from services.core.effects import Effect
from services.core.words import number_text
from services.trading.fills import Side, Terms


class PlaceOrder(Effect, name="order.place"):
    """A market order to the paper broker, filled at ``quote`` on ``terms``.

    ``candle`` is the open time of the bar that decided; ``label`` says what the candles are.
    """

    process: str
    version: str
    session: int
    market: str
    label: str
    side: Side
    quantity: float
    candle: datetime
    quote: float
    terms: Terms
    by: str = ""
    """``stop``, ``trailing``, ``target``, ``liquidation``, ``limit`` where a price of the bar ``candle`` asked for it;
    ``turn`` where a signal enters the other way what it has just left."""
    funding: float = 0.0
    """Paid since the order before, in quote: a perpetual future settles it with the cash."""

    @property
    def key(self) -> str:
        cause = f"{self.side}-{self.by}" if self.by else self.side
        return f"{self.account}/{self.candle.isoformat()}/{cause}"

    @property
    def account(self) -> str:
        """The broker's name for what this bot may trade with: one account for each session."""
        return f"{self.process}/{self.version}/{self.session}"

    @property
    def client_id(self) -> str:
        """32 hex digits that the broker knows the order by."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]

    @property
    def what(self) -> str:
        quantity, quote = number_text(self.quantity, 8), number_text(self.quote, 8)
        return f"{self.side.capitalize()} {quantity} {self.market} near {quote} on paper ({self.label})"
