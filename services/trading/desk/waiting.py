"""What the account puts before a person, as effects: who shows the Inbox knows them, and nothing else of the desk."""

from services.core.effects import Effect


class HoldNeverArrived(Effect, name="order.never_arrived"):
    """An order was sent, its answer was lost, and its exchange sets no time after which it cannot arrive."""

    word = "It never arrived"

    order: str
    told: str

    @property
    def key(self) -> str:
        return f"never-arrived:{self.order}"

    @property
    def what(self) -> str:
        return f"{self.told}: look at the exchange's own page whether it is there"


class OpenMarket(Effect, name="market.opened_again"):
    """The account holds less of a coin than our trades say is ours: nothing more is bought there."""

    word = "Trade it again"

    symbol: str
    why: str
    since: str

    @property
    def key(self) -> str:
        return f"open-market:{self.symbol}:{self.since}"

    @property
    def what(self) -> str:
        return f"{self.symbol} is halted: {self.why}"
