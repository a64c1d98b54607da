"""Bulkheads: what goes wrong on one market floods no other."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from services.core.errors import in_words
from services.trading.desk.ledger import LedgerUnusable
from services.trading.venue.venue import KeyRefused, VenueRefused, VenueUnsure

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass
class Bulkheads:
    """One for each market; the account as a whole has one of its own."""

    faults: dict[str, str] = field(default_factory=dict)
    """By market, what went wrong in this round that neither the exchange nor the disk explains: it is ours to mend."""
    withheld: dict[str, str] = field(default_factory=dict)
    """By market, what the exchange withheld in this round; empty for what is asked of all markets at once."""
    key_refused: bool = False
    """Whether the exchange refused the key in the latest round that asked for everything, or in this one."""

    def begin(self, everything: bool = True) -> None:
        """A new round: what went wrong in the one before is over until it goes wrong again."""
        self.faults.clear()
        self.withheld.clear()
        self.key_refused = self.key_refused and not everything

    def within(self, market: str, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T | None:
        """Do it; what it raises is told, and the others go on."""
        try:
            return work(*args, **more)
        except (VenueUnsure, VenueRefused) as error:
            self.withhold(market, error)
        except LedgerUnusable as error:
            log.error("%s: nothing is bought: %s", market, in_words(error))
        except Exception as error:
            self.fault(market, error)
        return None

    def withhold(self, market: str, error: Exception) -> None:
        """Keep what was not told; the log is told of it where it begins and ends, not in each round."""
        self.withheld[market] = in_words(error).removeprefix("not sent: ")
        self.key_refused |= isinstance(error, KeyRefused)

    def fault(self, market: str, error: Exception) -> None:
        """Keep it, to be told; its whole story is in the log."""
        log.error("%s: a fault of our own", market, exc_info=error)
        self.faults[market] = f"{market}: {in_words(error)}"
