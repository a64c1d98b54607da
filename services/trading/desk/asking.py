"""How a strategy asks for a position, and for its end: effects that the account process takes on, past its guards."""

from datetime import datetime, timedelta
from decimal import Decimal

from services.core.effects import Details, Effect, Outcome, Refused, Standing
from services.core.words import number_text
from services.trading.desk.desk import Desk
from services.trading.desk.door import PATIENCE, Door
from services.trading.desk.entering import Enter
from services.trading.desk.kinds import ENTER, LEAVE


class EnterPosition(Effect, name=ENTER):
    """Buy for at most ``budget`` of the bot's ``capital``; ``cause`` is the candle, so the same one is asked once.

    ``stop`` is the price at which the position is given up, ``stop_share`` how far below what was paid, on average,
    that is: 0.02 for 2 %; ``target_share`` is above it, ``trailing_share`` below the highest price of earlier bars.
    ``offset`` and what follows describe a limit. ``terms`` is the strategy by which it is left, as JSON.
    """

    bot: str
    symbol: str
    cause: str
    capital: Decimal
    budget: Decimal
    stop: Decimal | None
    until: datetime
    """After this nothing of it is sent any more."""
    offset: Decimal | None = None
    reprice_after: float = 60.0
    times: int = 0
    then: str = "give up"
    stop_share: Decimal | None = None
    target_share: Decimal | None = None
    trailing_share: Decimal | None = None
    near: Decimal | None = None
    notional: Decimal | None = None
    """At most so much is bought, the fee not counted."""
    decided: datetime | None = None
    terms: str = ""

    @property
    def key(self) -> str:
        return enter_key(self.bot, self.symbol, self.cause)

    @property
    def what(self) -> str:
        quote = self.symbol.split("/")[1]
        unprotected = self.stop is None and self.stop_share is None and self.trailing_share is None
        without = ", without a stop" if unprotected else ""
        return f"Buy {self.symbol} for up to {number_text(float(self.budget), 8)} {quote}, for {self.bot}{without}"

    @property
    def wish(self) -> Enter:
        return Enter(
            self.bot, self.symbol, self.cause, self.budget, self.stop, self.until,
            self.offset, self.reprice_after, self.times, self.then, self.capital, self.stop_share,
            self.target_share, self.trailing_share, self.near, self.notional, self.decided, self.terms,
        )  # fmt: skip


def enter_key(bot: str, symbol: str, cause: str) -> str:
    """By which the decision to enter is found."""
    return f"{bot}/{symbol}/{cause}/enter"


class LeavePosition(Effect, name=LEAVE):
    """Sell what the bot holds, and forget what was still to be bought."""

    bot: str
    symbol: str
    cause: str
    why: str = ""

    @property
    def key(self) -> str:
        return f"{self.bot}/{self.symbol}/{self.cause}/leave"

    @property
    def what(self) -> str:
        return f"Sell what {self.bot} holds of {self.symbol}"


class AskDesk:
    """Carries both out: done is what the account's ledger has taken on, not what is filled."""

    final = "what was taken on is in the account's care; 'close' sells it"

    def __init__(self, door: Door) -> None:
        self._door = door

    def carry_out(self, effect: EnterPosition | LeavePosition) -> Details:
        """Raises ``Refused`` with the guards' words, or where the account process does not take it on."""
        return self._door.ask(lambda desk: _asked(desk, effect))

    def look_up(self, effect: EnterPosition | LeavePosition) -> Outcome:
        """Whether the ledger has it; raises where the account process does not run."""
        found = self._door.ask(lambda desk: _known(desk, effect))
        return Outcome(Standing.DONE if found else Standing.NOT_DONE)

    def settling(self, effect: Effect) -> timedelta:
        """What was handed over is taken on within the patience, or never."""
        return timedelta(seconds=2 * PATIENCE)


def _asked(desk: Desk, effect: EnterPosition | LeavePosition) -> Details:
    if isinstance(effect, LeavePosition):
        sold = desk.book.caused_by(effect.bot, effect.symbol, effect.cause)
        why = effect.why or "the strategy asked"
        if not desk.leave(effect.bot, effect.symbol, effect.cause, why, effect.bot) and not sold:
            raise Refused(f"{effect.bot} holds nothing of {effect.symbol}")
        return {"bot": effect.bot, "symbol": effect.symbol}
    asked = desk.enter(effect.wish)
    return {"bot": effect.bot, "symbol": effect.symbol, "quantity": f"{asked.quantity:f}"}


def _known(desk: Desk, effect: EnterPosition | LeavePosition) -> bool:
    book, key = desk.book, (effect.bot, effect.symbol)
    if isinstance(effect, LeavePosition):
        return key in book.exits or not (book.holding(*key).opened or key in book.entries)
    waiting = book.entries.get(key)
    return (waiting is not None and waiting.cause == effect.cause) or bool(book.caused_by(*key, effect.cause))
