"""Why the store refuses a write: for itself (locked, full, not to be read), or for what it was given."""

import sqlite3

from sqlalchemy.exc import DBAPIError

_STORE_REFUSES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)


def is_about_the_store(error: Exception) -> bool:
    """Whether the store itself refuses (locked, full, input/output), rather than this one statement."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _STORE_REFUSES  # the higher bits only say more of the same
