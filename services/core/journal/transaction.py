"""A transaction of the journal: what a piece of work may do to the store, and what it lets the journal tell."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, insert

from services.core.events import Event, Recorded
from services.core.events.micros import to_micros
from services.core.finite import require_finite
from services.core.journal.cleaning import Clean, as_it_is, clean_event, clean_words, refuse_secrets
from services.core.store.schema import events

T = TypeVar("T")


class Transaction:
    """What a piece of work may do: run statements, and record events that are delivered once all is committed."""

    def __init__(
        self, connection: Connection, seq: int, at: datetime, clean: Clean = as_it_is, hide: Clean = as_it_is
    ) -> None:
        self.connection = connection
        self.at = at
        self._clean, self._hide = clean, hide
        self.recorded: list[Recorded] = []
        self._next = seq
        self._rows: list[dict[str, Any]] = []

    def cleaned(self, words: T) -> T:
        """Words, at any depth, as they may stand in a row."""
        return clean_words(words, self._clean)

    def hidden(self, data: T) -> T:
        """Data that code goes on with, at any depth, without registered secrets; the very same where it has none."""
        return clean_words(data, self._hide)

    def refuse_secrets(self, data: Any, where: str) -> None:
        """Raise ``UserError`` for data that holds a registered secret, and would mean something else without it."""
        refuse_secrets(data, self._hide, where)

    def record(self, *facts: Event, source: str = "") -> tuple[Recorded, ...]:
        """Add events to this transaction; they get their sequence numbers now and their place on disk at commit.

        What looks like a secret is taken out of them here, so that neither the disk nor a subscriber meets it. Raises
        ``NotFinite`` for a number that the disk cannot hold: it would be shown, and be another after a restart; and
        ``MalformedMessage`` for a value that is not what its field says: it would be shown, and be gone after one.
        """
        at = to_micros(self.at)
        told = []
        for fact in (clean_event(fact, self._clean) for fact in facts):
            payload = fact.encode()
            if b"null" in payload:
                require_finite(fact.payload_fields(), fact.type_name)
            fact.require_read(payload)
            self._rows.append(
                {
                    "seq": self._next,
                    "at": at,
                    "source": source,
                    "name": fact.type_name,
                    "version": fact.type_version,
                    "payload": payload.decode(),
                }
            )
            told.append(Recorded(self._next, self.at, source, fact))
            self._next += 1
        self.recorded.extend(told)
        return tuple(told)

    def flush(self) -> None:
        """Write the recorded events' rows; done by the journal before each commit."""
        if self._rows:
            self.connection.execute(_INSERT, self._rows)
            self._rows = []

    def mark(self) -> tuple[int, int, int]:
        """Where this transaction stands, for ``rewind``."""
        return len(self.recorded), len(self._rows), self._next

    def rewind(self, mark: tuple[int, int, int]) -> None:
        """Forget what was recorded since ``mark``, also what was only half recorded (nothing of it was flushed)."""
        recorded, rows, self._next = mark
        del self.recorded[recorded:]
        del self._rows[rows:]


Work = Callable[[Transaction], T]
_INSERT = insert(events)
