"""The store: one SQLite file in WAL mode, opened once, written by one thread, migrated behind a backup."""

from services.core.store.opening import Store, open_store

__all__ = ["Store", "open_store"]
