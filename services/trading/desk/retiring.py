"""Retires bots whose strategy is gone and that are flat: what they were given counts no more in guards and equity."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.trading.desk.events import BotRetired
from services.trading.desk.register import Register

GONE = timedelta(minutes=10)
"""For so long it has to be gone: a file is renamed and saved anew in less, and a start takes less."""


@dataclass
class Retiring:
    """A bot comes back with the next capital it is given, as with its next entry."""

    register: Register
    bots: Callable[[], Collection[str]] | None = None
    """Those that there are; None where nobody knows."""
    _gone: dict[str, datetime] = field(default_factory=dict)
    """Since when each has been missed."""

    def round(self) -> None:
        """Called while ledger and exchange are one: then flat is flat."""
        if self.bots is None:
            return
        book, now, there = self.register.book, self.register.venue.now(), self.bots()
        busy = {bot for bot, _ in book.positions()}
        missed = [bot for bot in book.allotted() if bot not in there and bot not in busy]
        self._gone = {bot: self._gone.get(bot, now) for bot in missed}
        for bot, since in self._gone.items():
            if now - since >= GONE:
                self.register.note(BotRetired(bot, now))
