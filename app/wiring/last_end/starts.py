"""How often the program started and how it ended: three crashes in ten minutes call for safe mode."""

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from services.core.durations import format_duration
from services.core.journal import Journal, Transaction
from services.core.store.facts import drop_fact, fact, keep_fact
from services.core.words import counted

log = logging.getLogger(__name__)
RUNNING, CRASHES, HOME = "running since", "crashes", "home"
OF_THIS_MACHINE = (RUNNING, CRASHES, HOME)
"""Facts about starts here: elsewhere they would be told of a program that never ran there."""


@dataclass(frozen=True)
class Started:
    """What the store tells of earlier starts."""

    at: datetime
    clean: bool
    """The last start ended as it should."""
    crashes: int
    """Unclean ends within the window, the last one included."""

    def why_safe(self, crashes_to_safe_mode: int, within: timedelta) -> str:
        """Why it is to be in safe mode; empty where it is not."""
        if self.clean or self.crashes < crashes_to_safe_mode:
            return ""
        return f"the program ended uncleanly {counted(self.crashes, 'time')} within {format_duration(within)}"


def begin(journal: Journal, now: datetime, within: timedelta) -> Started:
    """Note that the program runs; tells whether the last run ended cleanly. Blocks."""

    def work(tx: Transaction) -> Started:
        running = _read(tx, RUNNING)
        crashes = [at for at in _read_list(tx, CRASHES) if now - at <= within]
        if running is not None:
            crashes.append(now)
        _write(tx, RUNNING, now)
        _write(tx, CRASHES, crashes)
        return Started(now, running is None, len(crashes))

    return journal.clock.result(journal.write(work))


def under_way(journal: Journal) -> Started | None:
    """What ``begin`` told the program that runs now, or that was killed last; None where neither is so. Blocks."""

    def work(tx: Transaction) -> Started | None:
        running, crashes = _read(tx, RUNNING), _read_list(tx, CRASHES)
        return Started(running, running not in crashes, len(crashes)) if running is not None else None

    return journal.clock.result(journal.write(work))


def home_before(journal: Journal, home: Path) -> Path | None:
    """Note in which home the store lies; tells in which other it lay at the last start: it was moved, or is a copy."""
    here = os.path.realpath(home)

    def work(tx: Transaction) -> str | None:
        before = fact(tx.connection, HOME)
        keep_fact(tx.connection, HOME, here)
        return before

    before = journal.clock.result(journal.write(work))
    return Path(before) if before and before != here else None


def end(tx: Transaction) -> None:
    """Note that the program has ended as it should: the last that is written, since a kill may come until then."""
    drop_fact(tx.connection, RUNNING)


def _read(tx: Transaction, name: str) -> datetime | None:
    text = fact(tx.connection, name)
    try:
        return msgspec.json.decode(text, type=datetime) if text else None
    except msgspec.MsgspecError as error:
        log.error("%r cannot be read (%s): the last end counts as unclean", name, error)
        return tx.at


def _read_list(tx: Transaction, name: str) -> list[datetime]:
    text = fact(tx.connection, name)
    try:
        return msgspec.json.decode(text, type=list[datetime]) if text else []
    except msgspec.MsgspecError as error:
        log.error("%r cannot be read (%s): the crashes before are forgotten", name, error)
        return []


def _write(tx: Transaction, name: str, value: object) -> None:
    keep_fact(tx.connection, name, msgspec.json.encode(value).decode())
