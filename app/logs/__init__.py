"""The log of the running program: everything is recorded in memory, INFO and trouble are written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from app.logs.file import LogFile
from app.logs.tail import follow, read_tail
from app.logs.tap import Subscriber, Tap
from app.logs.writer import Counts, Writer
from services.core.clock import Clock
from services.core.logs import LineHandler, LogLine, Recorder, Redactor, attach, detach
from services.core.logs.line import bounded

__all__ = ["Counts", "LogLine", "Logs", "follow", "read_tail"]


class Logs:
    """Takes over Python's logging from `start` to `close`."""

    def __init__(
        self, path: Path, clock: Clock, *, level: str = "INFO", ring: int = 200, escalation: float = 300.0
    ) -> None:
        self.redactor = Redactor()
        self._tap = Tap()
        self._writer = Writer(LogFile(path), clock, self._tap, self._tell_suppressed)
        self._recorder = Recorder(
            clock, self._writer.write, self._writer.dump, level=level, ring=ring, escalation=escalation
        )
        self._handler: logging.Handler = LineHandler(self._recorder.take, clock, self.redactor)

    def start(self) -> Logs:
        """Begin to record; DEBUG of our packages, WARNING of libraries."""
        self._writer.start()
        attach(self._handler)
        return self

    def close(self) -> None:
        """Write everything that is queued, and give Python's logging back."""
        detach(self._handler)
        self._recorder.tell_suppressed(closing=True)
        self._writer.close()

    def use(self, level: str, escalation: float) -> None:
        """Another level from now on, and for how long trouble turns DEBUG on."""
        self._recorder.use(level, escalation)

    def hide(self, secret: str) -> None:
        """Mask this value wherever it would be logged."""
        self.redactor.register(secret)

    def receive(self, line: LogLine) -> None:
        """Take a line that a child interpreter sent; it is redacted here again, as the child knows no secrets."""
        self._recorder.take(self.redactor.redacted(line))

    def alarm(self, process: str, run: str, why: str) -> None:
        """A stall or an alert: write the ring and turn DEBUG on, as after an error."""
        self._recorder.alarm(process, run, bounded(self.redactor.clean(why)))

    def forget(self, run: str) -> None:
        """A run ended; its ring is let go."""
        self._recorder.forget(run)

    def escalated(self, subject: str) -> bool:
        """Whether a run, process or logger is at DEBUG because of trouble."""
        return self._recorder.escalated(subject)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Get every written line from now on, in batches, on the writer's thread; call the result to end it."""
        return self._tap.subscribe(subscriber)

    def counts(self) -> Counts:
        return self._writer.counts()

    def _tell_suppressed(self) -> None:
        self._recorder.tell_suppressed()
