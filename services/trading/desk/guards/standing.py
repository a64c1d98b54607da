"""How the account stands: ACTIVE, REDUCING or HALTED, by the latches that are closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.trading.desk.events import Latched

ACCOUNT = "account"
"""The scope of a latch that closes everything; any other scope is a market's symbol."""
DAILY_LOSS = "daily loss"
DRAWDOWN = "drawdown"
PANIC = "emergency stop"
REJECTIONS = "rejected streak"
BALANCE = "balance"
_ENDS_BY_ITSELF = frozenset({DAILY_LOSS})


class Mode(StrEnum):
    """What may be sent. Whatever reduces exposure may always."""

    ACTIVE = "active"
    REDUCING = "reducing"
    """No entries until the next day."""
    HALTED = "halted"
    """No entries until a person arms the guard again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The latches that are closed, for the account or a market."""

    latches: Sequence[Latched] = ()

    @property
    def mode(self) -> Mode:
        of_account = [latch for latch in self.latches if latch.scope == ACCOUNT]
        if any(latch.guard not in _ENDS_BY_ITSELF for latch in of_account):
            return Mode.HALTED
        return Mode.REDUCING if of_account else Mode.ACTIVE

    def against(self, symbol: str) -> list[Latched]:
        """The latches that keep entries from a market."""
        return [latch for latch in self.latches if latch.scope in (ACCOUNT, symbol)]


def standing(latches: Iterable[Latched]) -> Standing:
    return Standing(tuple(latches))
