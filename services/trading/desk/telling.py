"""What the ledger has, the journal is told: each event once, and later where the store takes nothing now."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from services.core.events import Event
from services.core.process.context import Context, Position
from services.trading.desk import events
from services.trading.desk.book import Book, folded
from services.trading.desk.desk import Desk
from services.trading.desk.events import AccountArmed, AccountDisarmed, Latched, Rearmed
from services.trading.desk.ledger import Ledger

log = logging.getLogger(__name__)
NAMES = [
    kind.type_name
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == events.__name__
]
"""The kinds of event that a ledger holds."""
_STANDING = (Latched, Rearmed, AccountArmed, AccountDisarmed)
"""What says how an account stands, and what no exchange can tell again."""
_AT_ONCE = 200
"""Events told to the journal in one go."""


@dataclass
class Telling:
    """The run's position names the ledger, the number of the latest event that was told, and that event itself.

    A ledger that was lost, or put back from a copy, has another there, or none: then the journal is asked what it has.
    """

    context: Context
    desk: Desk
    journal: Callable[[], Iterable[Event]]
    """What was told of any ledger, in the order in which it was."""
    _known: set[tuple[str, bytes]] = field(default_factory=set)

    def begin(self) -> None:
        """Before anything is done: find where to go on, and what the ledger has forgotten and must not."""
        ledger, position = self.desk.register.ledger, self.context.position or {}
        told = told_until(position)
        if position.get("ledger") == ledger.path.name and told and position.get("event") == ledger.fingerprint(told):
            return
        had = list(self.journal())
        self._known = {_identity(event) for event in had}
        if position.get("ledger") == ledger.path.name:
            log.warning(
                "%s is not the ledger that the journal was told of: it goes on with what that lacks", ledger.path
            )
            self._remember(had, ledger)
        self.context.position = _position(ledger, 0)

    def go_on(self) -> None:
        """Tell what is new. So much is under way at most as one transaction holds; the ledger has the rest."""
        ledger = self.desk.register.ledger
        while not self.context.behind:
            told = told_until(self.context.position)
            new = list(islice(ledger.read(told), _AT_ONCE))
            if new:
                self.context.emit(*(event for _, event in new if _identity(event) not in self._known))
                self.context.checkpoint(_position(ledger, new[-1][0]))
            if len(new) < _AT_ONCE:
                self._known.clear()
                return

    def _remember(self, had: list[Event], ledger: Ledger) -> None:
        """Latches that were closed, and that the account was disarmed: only a person may take either back."""
        later = [event for _, event in ledger.read() if _identity(event) not in self._known]
        stood, book = _standing([*had, *later]), self.desk.book
        lost: list[Event] = [latch for key, latch in stood.latches.items() if key not in book.latches]
        if book.armed is not None and stood.armed is None:
            lost += [event for event in had if isinstance(event, AccountDisarmed)][-1:]
        self.desk.register.note(*lost)


def told_until(position: Position | None) -> int:
    """The number of the latest event that the journal was told."""
    told = (position or {}).get("told", 0)
    return told if isinstance(told, int) else 0


def _position(ledger: Ledger, told: int) -> Position:
    return {"ledger": ledger.path.name, "told": told, "event": ledger.fingerprint(told)}


def _standing(told: Iterable[Event]) -> Book:
    return folded(event for event in told if isinstance(event, _STANDING))


def _identity(event: Event) -> tuple[str, bytes]:
    return event.type_name, event.encode()
