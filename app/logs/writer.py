"""The one thread that writes the log."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.logs.file import LogFile, write_dump
from app.logs.outbox import Outbox
from app.logs.tap import Tap
from services.core.clock import Clock
from services.core.logs import Dump, LogLine, row
from services.core.words import counted, form

TICK_SECONDS = 1.0
PROGRAM = "dreamscape"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the lines: `lost` could not be written, `dropped` found the queue full."""

    written: int
    lost: int
    dropped: int
    last_error: str


class Writer:
    """Drains the queue into the file and the tap.

    WARNING and above are written by the thread that logs, at once: a crash right after must not take them along.
    Only the main thread hands even those over, for it paints the window and waits for no disk.
    """

    def __init__(self, file: LogFile, clock: Clock, tap: Tap, tick: Callable[[], None]) -> None:
        self._file = file
        self._clock = clock
        self._tap = tap
        self._tick = tick
        self._outbox = Outbox()
        self._dumps: deque[Dump] = deque(maxlen=100)
        self._thread = threading.Thread(target=self._work, name="log writer", daemon=True)
        self._counting = threading.Lock()
        self._written = self._lost = self._told_lost = self._told_dropped = 0
        self._last_error = ""
        self._to_tap: deque[LogLine] = deque(maxlen=10_000)

    def start(self) -> None:
        self._thread.start()

    def write(self, line: LogLine) -> None:
        """Write at once or queue; never waits for room."""
        at_once = line.severity >= logging.WARNING and threading.current_thread() is not threading.main_thread()
        if at_once and self._append((line,)) is None:
            self._to_tap.append(line)
            self._outbox.wake()
        else:
            self._outbox.put(line)

    def dump(self, dump: Dump) -> None:
        """Queue a ring to be written into its own file."""
        self._dumps.append(dump)
        self._outbox.wake()

    def close(self, timeout: float = 5.0) -> None:
        """Write what is queued and end; a disk that hangs is given up after the timeout."""
        self._outbox.close()
        self._thread.join(timeout)
        if not self._thread.is_alive():
            self._file.close()

    def counts(self) -> Counts:
        with self._counting:
            return Counts(self._written, self._lost, sum(self._outbox.dropped().values()), self._last_error)

    def _work(self) -> None:
        while not self._outbox.closed:
            self._round(self._outbox.take_all(TICK_SECONDS))
        self._round(self._outbox.take_all(0))
        while batch := self._outbox.take_all(0):  # what the last round itself had to tell
            self._round(batch)

    def _round(self, batch: tuple[LogLine, ...]) -> None:
        if batch and (error := self._append(batch)):
            with self._counting:
                self._lost += len(batch)
                self._last_error = str(error)
        while self._dumps:
            self._write_dump(self._dumps.popleft())
        mirrored = tuple(self._to_tap.popleft() for _ in range(len(self._to_tap)))
        if shown := tuple(sorted((*mirrored, *batch), key=lambda line: line.at)):
            for fault in self._tap.deliver(shown):
                self._say(fault)
        self._tell_losses()
        self._tick()

    def _append(self, lines: tuple[LogLine, ...]) -> OSError | None:
        """Write, or tell what the disk said."""
        try:
            self._file.append(b"".join(map(row, lines)))
        except OSError as error:
            return error
        with self._counting:
            self._written += len(lines)
        return None

    def _write_dump(self, dump: Dump) -> None:
        folder: Path = self._file.path.parent
        try:
            path = write_dump(folder, dump)
        except OSError as error:
            self._say(f"the ring of {dump.run or dump.process} could not be written: {error}")
        else:
            many = len(dump.lines)
            led = f"{counted(many, 'line')} that led to {'its error' if dump.logged else 'it'}"
            told = f"{led} {form(many, 'is', 'are')} in {path.name}"
            self._say(told if dump.logged else f"{told}: {dump.why}", dump)

    def _tell_losses(self) -> None:
        counts = self.counts()
        if counts.dropped > self._told_dropped:
            self._say(f"{_lines(counts.dropped - self._told_dropped)} dropped: the log's queue was full")
            self._told_dropped = counts.dropped
        # Told only once the disk takes something again: news of a loss would else be lost too.
        if counts.lost > self._told_lost and self._append(()) is None:
            lost = counted(counts.lost - self._told_lost, "line")
            self._say(f"{lost} could not be written: {counts.last_error}")
            self._told_lost = counts.lost

    def _say(self, text: str, about: Dump | None = None) -> None:
        """Log about the log; straight into the queue, since the recorder might answer with more."""
        process, run = (about.process, about.run) if about else (PROGRAM, "")
        self._outbox.put(LogLine(self._clock.now(), "WARNING", process, text, run, __name__))


def _lines(number: int) -> str:
    return f"{counted(number, 'line')} {form(number, 'was', 'were')}"
