"""A row of the journal's table, read as the event it holds."""

import logging
from typing import Any

from services.core.events import Recorded, read_event
from services.core.events.messages import MalformedMessage
from services.core.events.micros import from_micros

log = logging.getLogger(__name__)


def read_row(row: Any) -> Recorded | None:
    """The event of a row that has the columns of the table; None, and logged, where it does not fit its class."""
    try:
        fact = read_event(row.name, row.payload, row.version)
    except MalformedMessage as error:
        log.warning("event %d is kept but cannot be read: %s", row.seq, error)
        return None
    return Recorded(row.seq, from_micros(row.at), row.source, fact)
