"""What a trading session has to remember over a restart."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import msgspec

from services.core.process.context import Position
from services.trading.paper.account import Account
from services.trading.steps.book_layout import BOOK, FUNDING, OPEN


@dataclass(frozen=True, slots=True)
class SessionState:
    """Which session, how many candles it has taken, and the account after them, marked at ``price``."""

    session: int
    version: str
    index: int
    account: Account
    price: float = 0.0
    peak: float = 0.0
    """The most the account was worth at any candle's close of this session."""
    book: tuple[float, ...] = ()
    """The row of its book's steps after the last candle."""

    because: dict[str, Any] = field(default_factory=dict)
    """What the terms said at the bar that placed the limit which rests."""

    last: datetime | None = None
    """The open of the last candle taken."""

    quoted: float = 0.0
    """The price that an order which is being placed was given on live bars; 0 for none."""

    priced: str = ""
    """By what that price was found."""

    strategy: str = ""
    """The strategy that it trades by, as JSON: an open position keeps its exits when the file is changed."""

    asked: str = ""
    """Who asked for what is pending, where that was no signal."""

    @property
    def open(self) -> bool:
        """Whether a position is held."""
        return len(self.book) == BOOK and self.book[OPEN] != 0

    @property
    def position(self) -> str:
        """What the position that is held is called; empty where none is."""
        return position_name(self.session, self.account.trades) if self.open else ""

    @property
    def equity(self) -> float:
        """What it is all worth at the last close, funding since the latest fill included."""
        return self.account.equity(self.price) - (self.book[FUNDING] if len(self.book) > FUNDING else 0.0)

    @property
    def pnl_percent(self) -> float:
        return (self.equity / self.account.capital - 1) * 100

    @property
    def drawdown(self) -> float:
        """The fall of marked equity from its peak, as a share: 0.2 is 20 %."""
        return 1 - self.equity / self.peak if self.peak > 0 else 0.0

    @classmethod
    def of(cls, position: Position | None) -> Self | None:
        """Read a run's position; None where no session is under way.

        Raises ``msgspec.ValidationError`` when it is not a session's.
        """
        if not position or "account" not in position:
            return None
        return msgspec.convert(position, cls)

    def to_json(self) -> dict[str, Any]:
        """As a run's position."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


def position_name(session: int, trades: int) -> str:
    """A position by where it stands in its session: after so many trades. A later one has another name."""
    return f"{session}/{trades}"
