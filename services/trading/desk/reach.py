"""Whether the exchange tells what the account asks: what it withholds, and since when; the log hears it once."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.core.clock import Clock

log = logging.getLogger(__name__)
EVERYTHING = frozenset({"", "the account"})
"""What is asked of the account as a whole; all else is one market's."""
_NUMBERS = re.compile(r"\d+")
"""A time in the words, until which a ban lasts, makes no news of it."""


@dataclass
class Reach:
    """Told after each round what was withheld in it."""

    clock: Clock
    since: datetime | None = None
    """Since when the account as a whole cannot be asked; None where it can."""
    _withheld: dict[str, str] = field(default_factory=dict)
    """By market, in the exchange's words or ours."""

    @property
    def why(self) -> str:
        """Why the account cannot be asked; empty where it can."""
        return next((why for what, why in self._withheld.items() if what in EVERYTHING), "") if self.since else ""

    def account(self) -> str:
        """That the account as a whole cannot be asked, in a sentence's words; empty where it can."""
        told = self.unasked()
        return told if not told or told.startswith("the exchange") else f"the exchange cannot be asked: {told}"

    def unasked(self) -> str:
        """Why that is, and since when."""
        return f"{self.why}, since {self.since:%H:%M:%S} UTC" if self.since else ""

    def markets(self) -> str:
        """What single markets withhold, where the account can be asked."""
        told = [] if self.since else [f"{market} waits: {why}" for market, why in sorted(self._withheld.items())]
        return "; ".join(told)

    def told(self) -> str:
        """Either of them; empty where all is told."""
        return self.account() or self.markets()

    def learn(self, withheld: Mapping[str, str], whole: bool) -> None:
        """Take a round's word: a ``whole`` one asked for everything, else what it did not ask for stands as before."""
        before = self._withheld
        self._withheld = dict(withheld) if whole else {**before, **withheld}
        if not EVERYTHING.isdisjoint(self._withheld):
            self._lost(before)
        elif self.since is not None:
            lasted = self.clock.now() - self.since
            self.since = None
            log.warning("the exchange tells again what it is asked, after %.0f s", lasted.total_seconds())
        self._tell_markets(before)

    def _lost(self, before: Mapping[str, str]) -> None:
        was = [_kind(why) for what, why in before.items() if what in EVERYTHING] if self.since else []
        self.since = self.since or self.clock.now()
        if _kind(self.why) not in was:
            log.warning("the account waits: %s", self.why)

    def _tell_markets(self, before: Mapping[str, str]) -> None:
        """What one market withholds; while nothing at all is told, that says it of each."""
        if self.since is not None:
            return
        for market in sorted({*before, *self._withheld} - EVERYTHING):
            was, now = before.get(market, ""), self._withheld.get(market, "")
            if now and _kind(now) != _kind(was):
                log.warning("%s waits: %s", market, now)


def _kind(why: str) -> str:
    return _NUMBERS.sub("", why)
