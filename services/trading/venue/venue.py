"""The port to an exchange account. Each call blocks and waits its turn at the account's limiter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from services.core.effects import Refused
from services.core.unsure import Unsure
from services.trading.venue.told import Depth, Funds, Latest, MarketRules, Moved, OrderKind, Reported, Ticket, Traded


class VenueRefused(Refused):
    """The exchange said no for certain: nothing was done, and why."""


class KeyRefused(VenueRefused):
    """The exchange does not take the key: it is wrong, or may not do this, or not from this address."""


class NotSent(VenueRefused):
    """It could not go out: the exchange cannot be reached, or wants to be left alone for a while."""


class NotThere(VenueRefused):
    """The exchange knows no such order, or none that is open."""


class CannotMove(VenueRefused):
    """On this market no order is put in another's place in one request: both are as they were."""


class Unreached(NotSent):
    """A connection to the exchange was waited for in vain, or it answers nothing at all now."""


class VenueUnsure(Unsure):
    """It cannot be told whether the request was obeyed: it timed out, its answer was lost, or the exchange failed."""


class NoAnswer(VenueUnsure):
    """The request went out, and its answer was waited for in vain."""


class Venue(Protocol):
    """One account at one exchange.

    Any call raises ``VenueUnsure`` where the exchange cannot be reached or answers nonsense. A request that only asks
    may then be asked again; ``place`` and ``cancel`` may have been obeyed.
    """

    @property
    def name(self) -> str:
        """The exchange's, as ccxt calls it."""
        ...

    @property
    def resting(self) -> frozenset[OrderKind]:
        """Which kinds of order can rest at the exchange; without STOP, stops are kept by us."""
        ...

    @property
    def settling(self) -> timedelta | None:
        """How long a sent order may still arrive by the exchange's own deadline; None where it has none."""
        ...

    def now(self) -> datetime:
        """The exchange's clock: ours with the measured offset."""
        ...

    def offset(self) -> timedelta:
        """Measures by how much the exchange's clock is ahead of ours."""
        ...

    def rules(self, symbol: str) -> MarketRules:
        """Raises ``VenueRefused`` for a market that the exchange does not have."""
        ...

    def place(self, ticket: Ticket) -> Reported:
        """Sends it once. Raises ``VenueRefused`` only where it is certainly not in the book.

        ``NotSent`` is raised where nothing went out: then nobody needs to look for it.
        """
        ...

    def cancel(self, symbol: str, client_id: str) -> Reported:
        """Take it out of the book; how it stood then. Raises ``NotThere`` where no open order has that id (any more).

        Where the exchange keeps its book and its records apart, this is the word of the book itself.
        """
        ...

    @property
    def moves(self) -> bool:
        """Whether an order can be put in another's place in one request, without a moment between the two."""
        ...

    def move(self, former: str, ticket: Ticket) -> Moved:
        """Take the order of that client id out, and place another only if that was done. Sent once, as ``place`` is.

        Raises ``VenueRefused`` where neither was done, ``CannotMove`` where it never is on that market.
        """
        ...

    def order(self, symbol: str, client_id: str) -> Reported | None:
        """An order of ours by its client id; None where the exchange knows none now, which proves nothing yet."""
        ...

    def open_orders(self) -> Sequence[Reported]:
        """All of the account's, ours or not."""
        ...

    def trades(self, symbol: str, since: datetime) -> Sequence[Traded]:
        """The account's trades from a moment on (inclusive), oldest first, however many pages they take."""
        ...

    def funds(self) -> Mapping[str, Funds]:
        """By currency; what is missing is nothing."""
        ...

    def depth(self, symbol: str, levels: int = 20) -> Depth: ...

    def latest(self, symbol: str) -> Latest:
        """The price of the market's latest trade, with the exchange's own time."""
        ...
