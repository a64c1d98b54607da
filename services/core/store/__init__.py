"""The store: one SQLite file in WAL mode, opened once, written by one thread, migrated behind a backup."""

from services.core.store.engines import Store
from services.core.store.opening import open_store, open_to_read

__all__ = ["Store", "open_store", "open_to_read"]
