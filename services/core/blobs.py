"""Blobs: what is kept once by its SHA-256, such as a version of a file, so that an event need only name it."""

import hashlib

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from services.core.journal import Transaction
from services.core.micros import to_micros
from services.core.store.schema import blobs


def keep_blob(tx: Transaction, data: bytes) -> str:
    """Keep ``data`` in this transaction; returns the hash by which it is found."""
    name = hashlib.sha256(data).hexdigest()
    row = {"hash": name, "at": to_micros(tx.at), "size": len(data), "data": data}
    tx.connection.execute(insert(blobs).values(**row).on_conflict_do_nothing())
    return name


def read_blob(connection: Connection, name: str) -> bytes | None:
    """What was kept under this hash, if it still is."""
    found: bytes | None = connection.execute(select(blobs.c.data).where(blobs.c.hash == name)).scalar()
    return found
