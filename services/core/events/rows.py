"""A row of the journal's table, read as the event it holds."""

import logging
from typing import Any

from services.core.events import Event, Recorded
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.events.micros import from_micros

log = logging.getLogger(__name__)


def read_row(row: Any) -> Recorded | None:
    """The event of a row that has the columns of the table; None, and logged, where no imported class can read it."""
    try:
        fact = Event.named(row.name).decode(row.payload, row.version)
    except (UnknownMessage, MalformedMessage) as error:
        log.warning("event %d is kept but cannot be read: %s", row.seq, error)
        return None
    return Recorded(row.seq, from_micros(row.at), row.source, fact)
