"""Events: frozen, typed facts that are kept. Tens a second, not thousands; numbers that stream are samples."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.core.events.messages import Message


class Event(Message):
    """A fact that is kept: ``class RunEnded(Event, name="run.ended")`` followed by its fields."""

    verbatim: ClassVar[frozenset[str]] = frozenset()
    """Fields that name something and are kept to the letter, also where they look as if they held a secret."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the journal keeps it.

    ``at`` is when Dreamscape knew it (UTC); a time that belongs to the fact itself is part of the payload.
    ``source`` names the process that told it, or is empty for the program's own.
    """

    seq: int
    at: datetime
    source: str
    event: Event
