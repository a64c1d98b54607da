"""Positions whose bot is gone: the account keeps them and their stops, and a person is told of each."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from services.trading.desk.book import Book, Key
from services.trading.desk.register import Register
from services.trading.desk.waiting import SellLeftBehind

GONE = timedelta(minutes=1)
"""For so long its bot has to be gone: a file that is saved anew is missing for a moment."""


@dataclass(frozen=True, slots=True)
class Left:
    """``missed`` may go on waiting for a person; ``told`` is put before one."""

    missed: frozenset[str] = frozenset()
    told: tuple[SellLeftBehind, ...] = ()


@dataclass
class LeftBehind:
    """Looks at each round which positions have no bot."""

    register: Register
    bots: Callable[[], Collection[str]] | None = None
    """Those that there are; None where nobody knows."""
    stop: Callable[[Key], Decimal | None] = lambda key: None
    """The price below which a position is sold, wherever its stop lies; None where it has none."""
    left: Left | None = None
    """None before the first look."""
    _gone: dict[Key, datetime] = field(default_factory=dict)
    """Since when the bot of each has been missed."""

    def round(self) -> None:
        if self.bots is None:
            return
        book, now, there = self.register.book, self.register.venue.now(), self.bots()
        missed = sorted(_without(book, there))
        self._gone = {key: self._gone.get(key, now) for key in missed}
        told = [key for key, since in self._gone.items() if now - since >= GONE and key not in book.exits]
        same = {each.position: each for each in (self.left.told if self.left else ())}
        asked = [SellLeftBehind(*key, position_of(book, *key), self._held(*key)) for key in told]
        self.left = Left(
            frozenset(position_of(book, *key) for key in missed),
            tuple(same.get(each.position, each) for each in asked),
        )

    def _held(self, bot: str, symbol: str) -> str:
        holding, stop = self.register.book.holding(bot, symbol), self.stop((bot, symbol))
        protected = "without a stop" if stop is None else f"with its stop at {stop.normalize():f}"
        return f"{holding.quantity:f} {holding.base} on {symbol} {protected}"


def position_of(book: Book, bot: str, symbol: str) -> str:
    """One position, told from those that the bot had there before."""
    began = min((order.at.isoformat() for order in book.bought(bot, symbol)), default="")
    return f"{bot}:{symbol}:{began}"


def why_settled(book: Book, effect: SellLeftBehind, bots: Callable[[], Collection[str]] | None) -> str:
    """Why nobody needs to say any more that it is to be sold; empty while somebody does."""
    key = (effect.bot, effect.symbol)
    if position_of(book, *key) != effect.position or not book.holding(*key).opened:
        return "it is flat"
    if key in book.exits:
        return "it is being sold already"
    return f"{effect.bot} is back" if bots is not None and effect.bot in bots() else ""


def _without(book: Book, there: Collection[str]) -> Iterator[Key]:
    return ((each.bot, each.symbol) for each in book.held() if each.opened and each.bot not in there)
