"""Room that is taken in advance beside the ledger: what must not be forgotten goes there when the disk takes nothing.

A closed guard and a position that is being left are known to nobody else: no exchange tells them again.
"""

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from services.core.events import Event
from services.core.events.event import read_event
from services.core.private import own_file
from services.trading.desk.events import ExitAsked, Latched

log = logging.getLogger(__name__)
ROOM = 8192
"""Bytes; written over where they lie, so that a full disk takes them."""
_KINDS = (Latched, ExitAsked)


class Reserve:
    """Used by the account's own thread alone. It cannot be made where the disk is full at the start: that is told."""

    def __init__(self, ledger: Path) -> None:
        self.path = ledger.with_name(f"{ledger.name}.reserve")
        self._used = False
        try:
            own_file(self.path)
            if self.path.stat().st_size < ROOM:
                self._write(b"")
        except OSError as error:
            log.error("no room could be kept for what must not be forgotten: %s", error)

    def keep(self, events: Iterable[Event]) -> None:
        """What of these must not be forgotten stands here until ``clear``; the oldest as far as there is room."""
        rows: list[list[object]] = []
        for event in events:
            row = [event.type_name, event.encode().decode(), event.type_version]
            if isinstance(event, _KINDS) and len(json.dumps([*rows, row])) < ROOM:
                rows.append(row)
        if rows:
            self._used = self._try(json.dumps(rows).encode()) or self._used

    def clear(self) -> None:
        """The ledger has it."""
        if self._used:
            self._used = not self._try(b"")

    def read(self) -> list[Event]:
        """What a program before us could not keep in its ledger; what cannot be read is told, and is nothing."""
        try:
            text = self.path.read_bytes().strip(b" \0")
            told = [read_event(name, payload, version) for name, payload, version in json.loads(text or b"[]")]
        except (OSError, ValueError, KeyError) as error:
            log.error("%s cannot be read: %s", self.path, error)
            return []
        self._used = bool(told)
        return told

    def _try(self, text: bytes) -> bool:
        try:
            self._write(text)
        except OSError as error:
            log.error("what must not be forgotten cannot be kept: %s", error)
            return False
        return True

    def _write(self, text: bytes) -> None:
        with self.path.open("r+b") as file:
            file.write(text.ljust(ROOM))
            file.flush()
            os.fsync(file.fileno())
