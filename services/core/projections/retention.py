"""Retention: events go only behind an anchor, and the room they leave is given back in small steps.

An anchor is an event at which every live projection has a snapshot. Whatever is removed before it, each moment from
the anchor on can still be built. Functions that take a transaction are pieces of one; each does little, so that the
writer is never kept from others for long.
"""

import sqlite3
from contextlib import closing
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select

from services.core.events.micros import to_micros
from services.core.journal import Transaction
from services.core.projections.kept import KEPT_SINCE, Projections, kept_since
from services.core.store import Store
from services.core.store.facts import keep_fact
from services.core.store.schema import events, runs, snapshots

ROWS = 2_000
"""Rows that one step removes."""
PAGES = 256
"""Pages that one step gives back to the disk (1 MB)."""


def anchors(projections: Projections) -> list[int]:
    """The events at which all live projections have a snapshot of their present version, oldest first. Blocks."""
    wanted = [
        and_(snapshots.c.projection == name, snapshots.c.version == projection.version)
        for name, projection in projections.live.items()
    ]
    complete = (
        select(snapshots.c.seq)
        .where(or_(*wanted))
        .group_by(snapshots.c.seq)
        .having(func.count() == len(wanted))
        .order_by(snapshots.c.seq)
    )
    with projections.journal.store.reading.connect() as connection:
        return list(connection.execute(complete).scalars()) if wanted else []


def anchor_before(projections: Projections, moment: datetime) -> int:
    """The newest anchor known at ``moment``; 0 where there is none, and then nothing may be removed. Blocks."""
    upto = projections.journal.seq_at(moment)
    return max((seq for seq in anchors(projections) if seq <= upto), default=0)


def announce(tx: Transaction, anchor: int) -> None:
    """Say that no moment before ``anchor`` can be built any more; to be on disk before anything is removed."""
    keep_fact(tx.connection, KEPT_SINCE, str(max(anchor, kept_since(tx.connection))))


def remove_events(tx: Transaction, anchor: int, rows: int = ROWS) -> int:
    """Remove the oldest events before ``anchor``, at most ``rows``; tells how many went. The anchor itself stays."""
    oldest = select(events.c.seq).where(events.c.seq < anchor).order_by(events.c.seq).limit(rows)
    return tx.connection.execute(delete(events).where(events.c.seq.in_(oldest))).rowcount


def remove_snapshots(tx: Transaction, anchor: int, rows: int = 100) -> int:
    """Remove the oldest snapshots before ``anchor``, at most ``rows``; tells how many went."""
    before = select(snapshots.c.projection, snapshots.c.seq).where(snapshots.c.seq < anchor)
    oldest = tx.connection.execute(before.order_by(snapshots.c.seq).limit(rows)).all()
    for row in oldest:
        this = (snapshots.c.projection == row.projection) & (snapshots.c.seq == row.seq)
        tx.connection.execute(delete(snapshots).where(this))
    return len(oldest)


def remove_runs(tx: Transaction, ended_before: datetime, rows: int = ROWS) -> int:
    """Remove records of runs that ended before a moment, at most ``rows``; tells how many went."""
    old = runs.c.ended < to_micros(ended_before)
    oldest = tx.connection.execute(select(runs.c.process, runs.c.epoch).where(old).limit(rows)).all()
    for row in oldest:
        this = (runs.c.process == row.process) & (runs.c.epoch == row.epoch)
        tx.connection.execute(delete(runs).where(this))
    return len(oldest)


def give_back(tx: Transaction, pages: int = PAGES) -> int:
    """Give free pages back to the disk, at most ``pages``; tells how many went."""
    before = _pragma(tx, "freelist_count")
    driver = tx.connection.connection.driver_connection
    assert driver is not None
    for _ in range(min(pages, before)):  # asked for more at once, Python's sqlite3 stops after the first
        driver.execute("PRAGMA incremental_vacuum(1)").fetchall()
    return before - _pragma(tx, "freelist_count")


def used(store: Store) -> int:
    """Bytes that the store takes on disk, without what it will give back. Blocks."""
    wal = store.path.with_name(store.path.name + "-wal")
    return held(store) + (wal.stat().st_size if wal.exists() else 0)


def held(store: Store) -> int:
    """Bytes of the store that hold something, without what is on its way there. Blocks."""
    with closing(sqlite3.connect(store.path)) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def shorten_log(store: Store) -> bool:
    """Bring the write-ahead log into the database and cut it off; tells whether nobody was in the way."""
    with closing(sqlite3.connect(store.path, timeout=0, isolation_level=None)) as connection:
        try:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:  # someone writes or reads just now; the next time will do
            return False
    return not busy


def _pragma(tx: Transaction, name: str) -> int:
    return int(tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
