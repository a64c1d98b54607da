"""Room that is taken in advance beside the ledger: what must not be forgotten goes there when the disk takes nothing.

A closed guard and a position that is being left are known to nobody else: no exchange tells them again. What was sent
the exchange tells, but it may be late; so that the next program does not send it again, it stands here, too.
"""

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from services.core.events import Event
from services.core.events.event import read_event
from services.core.private import own_file
from services.trading.desk.events import (
    ExitAsked,
    Latched,
    OrderAccepted,
    OrderCancelled,
    OrderCompleted,
    OrderDoubted,
    OrderExpired,
    OrderInitialised,
    OrderRejected,
    OrderSubmitted,
)

log = logging.getLogger(__name__)
ROOM = 32768
"""Bytes; written over where they lie, so that a full disk takes them."""
_KINDS = (Latched, ExitAsked)
_OF_ORDERS = (
    OrderInitialised, OrderSubmitted, OrderAccepted, OrderDoubted,
    OrderRejected, OrderCompleted, OrderCancelled, OrderExpired,
)  # fmt: skip
"""How an order was sent and what came of it; its trades the exchange tells."""
Row = list[object]


class Reserve:
    """Used by the account's own thread alone. It cannot be made where the disk is full at the start: that is told."""

    def __init__(self, ledger: Path) -> None:
        self.path = ledger.with_name(f"{ledger.name}.reserve")
        self._used, self._room, self._text = False, ROOM, b""
        try:
            own_file(self.path)
            if self.path.stat().st_size < ROOM:
                self._grow()
        except OSError as error:
            log.error("no room could be kept for what must not be forgotten: %s", error)

    def keep(self, events: Iterable[Event]) -> None:
        """What of these must not be forgotten stands here until ``clear``: first guards and positions, the oldest as
        far as there is room, then orders, the latest."""
        told, room = list(events), self._room - len("[]")
        rows: list[Row] = []
        for event in told:
            if isinstance(event, _KINDS) and (size := _size(row := _row(event))) < room:
                rows.append(row)
                room -= size
        for of_one in _by_order(told):
            if (size := sum(map(_size, of_one))) >= room:
                break
            rows.extend(of_one)
            room -= size
        if rows:
            self._used = self._try(json.dumps(rows).encode()) or self._used

    def holds(self) -> bool:
        """Whether it can be written, now; a desk before us on the same disk could then write it, too."""
        return self.path.is_file() and self._try(self._text)

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
        self._used, self._text = bool(told), text
        return told

    def _try(self, text: bytes) -> bool:
        try:
            self._write(text)
        except OSError as error:
            log.error("what must not be forgotten cannot be kept: %s", error)
            return False
        return True

    def _grow(self) -> None:
        """What stands there stays: an older program took less room. What a full disk does not give is done without."""
        self._room = size = self.path.stat().st_size
        with self.path.open("r+b") as file:
            file.seek(size)
            file.write(b" " * (ROOM - size))
            file.flush()
            os.fsync(file.fileno())
        self._room = ROOM

    def _write(self, text: bytes) -> None:
        with self.path.open("r+b") as file:
            file.write(text.ljust(self._room))
            file.flush()
            os.fsync(file.fileno())
        self._text = text


def _by_order(events: Iterable[Event]) -> list[list[Row]]:
    """What is told of each order, the one told of latest first."""
    found: dict[str, list[Row]] = {}
    for event in events:
        if isinstance(event, _OF_ORDERS):
            rows = found.pop(event.client_id, [])
            found[event.client_id] = [*rows, _row(event)]
    return list(reversed(found.values()))


def _row(event: Event) -> Row:
    return [event.type_name, event.encode().decode(), event.type_version]


def _size(row: Row) -> int:
    return len(json.dumps(row)) + len(", ")
