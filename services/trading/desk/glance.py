"""The exchange account at a glance, as frozen rows. Amounts are written out, exact."""

from dataclasses import dataclass
from datetime import datetime

from services.trading.desk.contact import Contact


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What a bot holds on a market, and the stops that cover it."""

    bot: str
    market: str
    quantity: str
    stops: str
    leaving: bool
    """It is being sold."""


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order that is not over."""

    id: str
    bot: str
    market: str
    role: str
    side: str
    quantity: str
    filled: str
    price: str
    state: str
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class LatchRow:
    """A guard that is closed, for the account or a market."""

    guard: str
    scope: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class AccountGlance:
    """``mode`` is active, reducing or halted; ``armed`` that a person has allowed real money."""

    name: str
    mode: str
    armed: bool
    to_arm: str
    """What a person types to allow it, letter by letter."""
    held: tuple[HeldRow, ...] = ()
    orders: tuple[StandingOrder, ...] = ()
    latches: tuple[LatchRow, ...] = ()
    contact: Contact | None = None
    """How the exchange is reached; None where no program keeps the account."""
    fills: int = 0
    """Trades of ours that it has."""
    play_money: bool = False
    """Nobody's: the exchange is one of this machine, said to deal in it."""

    @property
    def unarmed(self) -> str:
        """Why nothing may be bought with real money; empty where it may, or no program keeps the account."""
        return self.contact.unarmed if self.contact is not None else ""

    @property
    def unasked(self) -> str:
        """Why the exchange cannot be asked now, and since when: then all this is our ledger's word alone."""
        return self.contact.unasked if self.contact is not None else ""
