"""The door to the account's own thread: others hand work through it and wait for what comes of it."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from services.core.clock import Clock
from services.core.effects import Refused
from services.core.unsure import Unsure
from services.trading.desk.contact import Contact
from services.trading.desk.desk import Desk
from services.trading.venue.limiter import Standing

T = TypeVar("T")
PATIENCE = 10.0
"""Seconds that one who asks waits for the account's thread: a request of it to the exchange may be under way."""


class NobodyThere(Unsure):
    """The account process has not answered in time; what was asked may still be done."""


@dataclass
class Door:
    """Any thread may ask; the account's thread serves."""

    clock: Clock
    open: bool = False
    """Whether somebody serves."""
    knock: Callable[[], None] = lambda: None
    """Tells who serves that something was handed in."""
    unasked: str = ""
    """Why the exchange cannot be asked now, and since when; empty where it can. Told by who serves."""
    offset: timedelta | None = None
    """By how much the exchange's clock is ahead of ours, as last measured. Told by who serves."""
    unarmed: str = ""
    """Why nothing may be bought with real money; empty where it may. Told by who serves."""
    requests: Callable[[], Standing | None] = lambda: None
    """What was asked of the exchange; None where nobody counts."""
    _waiting: "deque[tuple[Callable[[Desk], Any], Future[Any]]]" = field(default_factory=deque)

    def ask(self, work: Callable[[Desk], T], patience: float = PATIENCE) -> T:
        """Have ``work`` done in the account's thread; raises what it raises.

        Raises ``Refused`` where it was never begun and will not be, ``NobodyThere`` where nobody can tell.
        """
        future = self.hand(work)
        try:
            return self.clock.result(future, patience)
        except TimeoutError as late:
            if future.cancel():
                raise Refused("the account process did not take it on in time") from late
            raise NobodyThere("the account process has not answered yet") from late

    def hand(self, work: Callable[[Desk], T]) -> "Future[T]":
        """The same without waiting. Raises ``Refused`` where nobody serves."""
        if not self.open:
            raise Refused("the account process does not run")
        future: Future[T] = Future()
        self._waiting.append((work, future))
        self.knock()
        return future

    def contact(self) -> Contact | None:
        """How the exchange is reached now; None where nobody keeps the account."""
        return Contact.of(self.unasked, self.offset, self.requests(), self.unarmed) if self.open else None

    def waited_at(self) -> bool:
        """Whether something was handed in that nobody has taken on."""
        return bool(self._waiting)

    def serve(self, desk: Desk) -> bool:
        """Do all that waits, in the order in which it came; tells whether there was anything."""
        served = False
        while self._waiting:
            work, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work(desk))
                except Exception as error:
                    future.set_exception(error)
            served = True
        return served

    def shut(self) -> None:
        """Nobody serves any more; who still waits is told so."""
        self.open, self.unasked, self.offset, self.unarmed = False, "", None, ""
        while self._waiting:
            _, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                future.set_exception(Refused("the account process has ended"))
