"""That a store was put back from a copy: it then does not know what was done outside after the copy was made."""

import sqlite3
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from services.core.events.micros import from_micros
from services.core.store.schema import facts

_NAME = "restored"
_KEEP = "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class Restored(msgspec.Struct, frozen=True):
    """When a copy took the store's place, and the last that it knows of; None where it holds no event."""

    at: datetime
    knows_until: datetime | None = None


def mark_restored(store: sqlite3.Connection, at: datetime) -> None:
    """Note it in a store that is about to take its place. The caller commits."""
    (last,) = store.execute("SELECT max(at) FROM events").fetchone()
    told = Restored(at, None if last is None else from_micros(last))
    store.execute(_KEEP, (_NAME, msgspec.json.encode(told).decode()))


def restored(connection: Connection) -> Restored | None:
    """When the store was last put back; None where it never was."""
    text = connection.execute(select(facts.c.value).where(facts.c.name == _NAME)).scalar()
    return msgspec.json.decode(text, type=Restored) if text else None
