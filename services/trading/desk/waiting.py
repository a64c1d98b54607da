"""What the account puts before a person, as effects: who shows the Inbox knows them, and nothing else of the desk."""

from services.core.effects import Effect


class HoldNeverArrived(Effect, name="order.never_arrived"):
    """An order was sent, its answer was lost, and its exchange sets no time after which it cannot arrive."""

    word = "It never arrived"

    order: str
    told: str
    again: str = ""
    """Since when it is doubted once more, after it was given up; empty for the first time."""

    @property
    def key(self) -> str:
        return f"never-arrived:{self.order}" + (f":{self.again}" if self.again else "")

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


class SellLeftBehind(Effect, name="position.left_behind"):
    """The bot that bought it is gone, and nothing but its stop leaves it."""

    word = "Sell it"

    bot: str
    symbol: str
    position: str
    """Which one, of those that the bot had there."""
    held: str
    asked: int = 1
    """How often it has been put before a person."""

    @property
    def key(self) -> str:
        return f"left-behind:{self.position}:{self.asked}"

    @property
    def what(self) -> str:
        return f"{self.bot} is gone and left {self.held}: the account keeps it until it is sold, or {self.bot} is back"
