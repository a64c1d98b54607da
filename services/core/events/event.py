"""Events: frozen, typed facts that are kept. Tens a second, not thousands; numbers that stream are samples."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from services.core.events.messages import MalformedMessage, Message, Payload, UnknownMessage


class Event(Message):
    """A fact that is kept: ``class RunEnded(Event, name="run.ended")`` followed by its fields."""

    verbatim: ClassVar[frozenset[str]] = frozenset()
    """Fields that name something and are kept to the letter, also where they look as if they held a secret."""

    def payload_fields(self) -> Payload:
        """The fields as JSON's own types."""
        fields: Payload = msgspec.to_builtins(self)
        return fields

    def require_read(self, payload: bytes) -> None:
        """Raise ``MalformedMessage``, with the field, where its ``payload`` cannot be read back as what it is."""
        self.decode(payload)


@dataclass(frozen=True)
class ForeignEvent(Event):
    """A fact of a kind that no imported class claims, as it came: a plug-in's own, or one of another release."""

    verbatim = frozenset({"name"})

    name: str
    version: int
    payload: Payload

    def __post_init__(self) -> None:
        """Bear the name and the version of what it stands for; raises ``MalformedMessage`` where that is no event."""
        if not self.name.strip() or not self.name.isprintable():
            raise MalformedMessage(f"{self.name!r} is no name for an event")
        object.__setattr__(self, "type_name", self.name)
        object.__setattr__(self, "type_version", self.version)

    def encode(self) -> bytes:
        return msgspec.json.encode(self.payload)

    def payload_fields(self) -> Payload:
        return self.payload

    def require_read(self, payload: bytes) -> None:
        """It is as it came: nobody here knows its fields."""


def read_event(name: str, payload: str, version: int) -> Event:
    """The event of that name, or a ``ForeignEvent`` where no imported class claims it.

    Raises ``MalformedMessage`` where the payload does not fit.
    """
    try:
        kind = Event.named(name)
    except UnknownMessage:
        return _foreign(name, payload, version)
    return kind.decode(payload, version)


def _foreign(name: str, payload: str, version: int) -> ForeignEvent:
    try:
        return ForeignEvent(name, version, _OBJECT.decode(payload))
    except msgspec.MsgspecError as error:
        raise MalformedMessage(f"{name} v{version}: {error}") from error


_OBJECT = msgspec.json.Decoder(dict[str, Any])


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
