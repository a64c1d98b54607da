"""What learning does outside: a promotion changes the user's file of a strategy."""

import hashlib
from typing import ClassVar

from services.core.effects import Effect
from services.trading.learning.values import Value, in_words

LONGEST = 64 * 1024
"""Characters of a strategy's file that goes into the ledger, before and after."""


class PromoteStrategy(Effect, name="strategy.promote"):
    """Have a strategy trade with a challenger's parameters from its next entry on."""

    word: ClassVar[str] = "Promote"

    strategy: str
    file: str
    """Its name in the folder of trading strategies."""
    before: str
    """The whole file as it was when the challenger was made of it."""
    after: str
    parameters: dict[str, Value]
    cause: str
    """Which run showed that it is better: the same one again is the same promotion."""

    @property
    def key(self) -> str:
        return f"{self.strategy}/promote/{_digest(self.before)}/{_digest(self.after)}/{self.cause}"

    @property
    def what(self) -> str:
        return f"Promote {self.strategy} to {in_words(self.parameters)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
