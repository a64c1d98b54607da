"""What the account's ledger keeps. Amounts are exact; ``at`` is the exchange's time where it is the exchange's fact."""

from datetime import datetime
from decimal import Decimal

from services.core.events import Event
from services.trading.desk.states import Role
from services.trading.fills import Side
from services.trading.venue.told import OrderKind


class OrderInitialised(Event, name="desk.order.initialised"):
    """The intent: what is to be sent, why, and with which protective ``stop`` its position is opened."""

    verbatim = frozenset({"client_id"})
    client_id: str
    bot: str
    symbol: str
    side: Side
    kind: OrderKind
    role: Role
    quantity: Decimal
    price: Decimal
    trigger: Decimal | None
    cause: str
    at: datetime
    stop: Decimal | None = None
    """At which price the position that an entry opens is given up; None where the bot has no stop."""
    stop_share: Decimal | None = None
    """How far below the average price paid that is, where no price is said."""


class OrderAdopted(Event, name="desk.order.adopted"):
    """An order that bears our mark stands at the exchange, and the ledger had lost it. ``bot`` is its 8 digits."""

    verbatim = frozenset({"client_id", "exchange_id"})
    client_id: str
    exchange_id: str
    bot: str
    symbol: str
    side: Side
    role: Role
    quantity: Decimal
    at: datetime


class OrderSubmitted(Event, name="desk.order.submitted"):
    """It is sent next: after this nobody may say that it was not."""

    verbatim = frozenset({"client_id"})
    client_id: str
    at: datetime


class OrderAccepted(Event, name="desk.order.accepted"):
    """The exchange has it in its book, or had."""

    verbatim = frozenset({"client_id", "exchange_id"})
    client_id: str
    exchange_id: str
    at: datetime


class OrderDoubted(Event, name="desk.order.doubted"):
    """Its answer was lost. It may still arrive until ``deadline``, or for ever where the exchange sets none."""

    verbatim = frozenset({"client_id"})
    client_id: str
    at: datetime
    deadline: datetime | None
    why: str


class OrderSentAgain(Event, name="desk.order.sent_again"):
    """Under the same id, which may arrive until ``deadline``: told by older ledgers alone, no order is sent twice."""

    verbatim = frozenset({"client_id"})
    client_id: str
    at: datetime
    deadline: datetime


class OrderVanished(Event, name="desk.order.vanished"):
    """It was in the book, and the exchange knows it no more: since ``since`` neither order nor trades tell of it."""

    verbatim = frozenset({"client_id"})
    client_id: str
    at: datetime
    since: datetime
    why: str


class OrderFilled(Event, name="desk.order.filled"):
    """One trade of it. ``trade_id`` is unique for the symbol."""

    verbatim = frozenset({"client_id", "trade_id"})
    client_id: str
    trade_id: str
    symbol: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_currency: str
    at: datetime
    fee_worth: Decimal | None = None
    """In quote, of a fee in a third currency: at the rate when the trade was booked; None where that was not known."""


class CancelAsked(Event, name="desk.order.cancel_asked"):
    """Its cancelling is sent next, and why."""

    verbatim = frozenset({"client_id"})
    client_id: str
    at: datetime
    why: str


class OrderCompleted(Event, name="desk.order.completed"):
    """The exchange says that all of it is filled; its trades may be told later."""

    verbatim = frozenset({"client_id"})
    client_id: str
    filled: Decimal
    at: datetime


class OrderCancelled(Event, name="desk.order.cancelled"):
    """It is out of the book; ``filled`` of it was traded before."""

    verbatim = frozenset({"client_id"})
    client_id: str
    filled: Decimal
    at: datetime


class OrderExpired(Event, name="desk.order.expired"):
    """What was not filled at once is gone, or it was never sent; ``filled`` of it was traded."""

    verbatim = frozenset({"client_id"})
    client_id: str
    filled: Decimal
    at: datetime
    why: str


class OrderRejected(Event, name="desk.order.rejected"):
    """It certainly is not in the book, and why."""

    verbatim = frozenset({"client_id"})
    client_id: str
    at: datetime
    why: str


class PositionClosed(Event, name="desk.position.closed"):
    """A bot's trade is over. ``left`` in base is too little to be sold; ``result`` in quote is of the whole trade."""

    bot: str
    symbol: str
    left: Decimal
    result: Decimal
    at: datetime


class Latched(Event, name="desk.guard.latched"):
    """A guard has closed, for ``scope`` (the account, or a symbol), until a person or a new day opens it."""

    guard: str
    scope: str
    why: str
    at: datetime


class Rearmed(Event, name="desk.guard.rearmed"):
    """A person opened it, or the new day did, with the reason."""

    guard: str
    scope: str
    reason: str
    by: str
    at: datetime


class DayStarted(Event, name="desk.day.started"):
    """A trading day began with this much marked equity, in the account's currency."""

    day: str
    equity: Decimal
    capital: Decimal
    """What the bots were given by then: what it grows by within the day is a transfer, no profit."""
    at: datetime


class Resolved(Event, name="desk.order.resolved"):
    """A person told what nobody else can: whether an order arrived."""

    verbatim = frozenset({"client_id"})
    client_id: str
    arrived: bool
    by: str
    reason: str
    at: datetime


class CapitalSet(Event, name="desk.capital.set"):
    """How much of the account a bot may use, in ``quote``; what changes within a day is a transfer, no profit."""

    bot: str
    quote: str
    capital: Decimal
    at: datetime


class BotRetired(Event, name="desk.bot.retired"):
    """A bot is gone and holds nothing: its capital counts no more until it comes back. What it won or lost stays."""

    bot: str
    at: datetime


class AccountArmed(Event, name="desk.account.armed"):
    """A person has allowed that real money is traded, having typed so."""

    verbatim = frozenset({"key"})
    by: str
    at: datetime
    key: str = ""
    """The digest of the key that it was allowed for, which tells nothing of it; empty in older ledgers."""


class AccountDisarmed(Event, name="desk.account.disarmed"):
    """Nothing is bought any more; what is held is kept and protected as before."""

    by: str
    reason: str
    at: datetime


class EntryAsked(Event, name="desk.entry.asked"):
    """A bot asks for a position: ``quantity`` at most, taken at once or by a limit ``offset`` below the price.

    A limit that does not fill is replaced every ``reprice_after`` seconds, ``times`` times; ``then`` takes the rest
    at once or gives it up. The position keeps what it is opened with here until it is flat.
    """

    verbatim = frozenset({"terms"})
    bot: str
    symbol: str
    cause: str
    quantity: Decimal
    stop: Decimal | None
    at: datetime
    until: datetime
    """After this nothing of it is sent: it was decided on a market that has moved on."""
    offset: Decimal | None = None
    reprice_after: float = 60.0
    times: int = 0
    then: str = "give up"
    stop_share: Decimal | None = None
    target_share: Decimal | None = None
    """How far above the average price paid it is sold."""
    trailing_share: Decimal | None = None
    """How far below the highest price of earlier bars it is given up."""
    near: Decimal | None = None
    """The price from which the first limit's offset is measured; the market's own where none is said."""
    decided: datetime | None = None
    """From when on a limit's time runs, such as the close of a bar; from when each is sent where nothing is said."""
    terms: str = ""
    """The strategy that decides its exits, as JSON."""
    budget: Decimal | None = None
    """How much of the quote currency its first order may spend, fee included; None in older ledgers."""
    notional: Decimal | None = None
    """At most so much of it, the fee not counted; None where the budget alone is the limit."""


class HighSeen(Event, name="desk.high.seen"):
    """The highest price of the bars since a position was opened, up to the one that opened at ``bar``."""

    bot: str
    symbol: str
    price: Decimal
    bar: datetime
    at: datetime


class EntryEnded(Event, name="desk.entry.ended"):
    """Nothing more is sent for it, and why."""

    bot: str
    symbol: str
    cause: str
    why: str
    at: datetime
    bought: bool = True
    """Whether anything of it was bought, or may still be found to be."""


class ExitAsked(Event, name="desk.exit.asked"):
    """A position is to be left: its orders are cancelled, then it is sold within the collar until nothing is left."""

    bot: str
    symbol: str
    cause: str
    why: str
    by: str
    at: datetime
