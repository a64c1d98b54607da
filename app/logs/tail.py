"""Reading the log back: the last lines, and the new ones as they come."""

from __future__ import annotations

import os
import threading
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from app.logs.file import rotated
from services.core.logs import LogLine, decode

_BLOCK = 65_536
POLL_SECONDS = 0.25


def read_tail(path: Path, n: int, process: str | None = None, until: datetime | None = None) -> tuple[LogLine, ...]:
    """The last `n` lines, oldest first, also out of rotated files; rows that a crash has torn are left out.

    With `until`, the last that were logged up to that moment.
    """
    newest_first: list[LogLine] = []
    for file in rotated(path):
        for raw in _rows_from_end(file, until):
            if len(newest_first) >= n:
                break
            line = decode(raw)
            if line is not None and process in (None, line.process) and (until is None or line.at <= until):
                newest_first.append(line)
    return tuple(reversed(newest_first))


def _rows_from_end(path: Path, until: datetime | None = None) -> Iterator[bytes]:
    """The rows of a file, last first, read block by block; with `until`, hardly any that are later."""
    with path.open("rb") as file:
        at = file.seek(0, os.SEEK_END) if until is None else _end_of(file, until)
        rest = b""
        while at > 0:
            size = min(_BLOCK, at)
            at -= size
            file.seek(at)
            first, *rows = (file.read(size) + rest).split(b"\n")
            yield from (row for row in reversed(rows) if row)
            rest = first
        if rest:
            yield rest


def _end_of(file: BinaryIO, until: datetime) -> int:
    """Where, to a block, the rows that are later than `until` begin: rows stand in the order of their times."""
    size = file.seek(0, os.SEEK_END)
    later = bisect_left(range(0, size, _BLOCK), True, key=lambda place: _is_later(file, place, until))
    return min(size, later * _BLOCK)


def _is_later(file: BinaryIO, place: int, until: datetime) -> bool:
    """Whether the first whole row from `place` on is later than `until`; one that nobody can read is not."""
    file.seek(place)
    if place:
        file.readline()
    while raw := file.readline():
        line = decode(raw.rstrip(b"\n"))
        if line is not None:
            return line.at > until
    return False


def follow(
    path: Path, stop: threading.Event, process: str | None = None, poll: float = POLL_SECONDS
) -> Iterator[LogLine]:
    """Lines that are written after this call, over rotations, until `stop` is set."""
    return _following(path, _opened(path, at_end=True), stop, process, poll)


def _following(
    path: Path, file: BinaryIO | None, stop: threading.Event, process: str | None, poll: float
) -> Iterator[LogLine]:
    rest = b""
    try:
        while not stop.is_set():
            chunk = file.read() if file else b""
            *rows, rest = (rest + chunk).split(b"\n")
            for line in map(decode, filter(None, rows)):
                if line is not None and process in (None, line.process):
                    yield line
            if chunk:
                continue
            if file is None or _replaced(path, file):
                if file:
                    file.close()
                file, rest = _opened(path, at_end=False), b""
                if file:
                    continue
            stop.wait(poll)
    finally:
        if file:
            file.close()


def _opened(path: Path, *, at_end: bool) -> BinaryIO | None:
    if not path.exists():
        return None
    file = path.open("rb")
    if at_end:
        file.seek(0, os.SEEK_END)
    return file


def _replaced(path: Path, file: BinaryIO) -> bool:
    """Whether the path now names another file, as after a rotation."""
    return path.exists() and not os.path.samestat(path.stat(), os.fstat(file.fileno()))
