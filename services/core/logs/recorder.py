"""What becomes of a line: always into the rings, and on into the log if its level, or trouble, asks for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.core.clock import Clock
from services.core.logs.limiter import Limiter
from services.core.logs.line import LogLine, Take
from services.core.logs.printed import Printed
from services.core.logs.rings import Rings


@dataclass(frozen=True, slots=True)
class Dump:
    """The lines that led to trouble."""

    at: datetime
    process: str
    run: str
    why: str
    lines: tuple[LogLine, ...]
    logged: bool = False
    """The log says why in a line of its own already."""


class Recorder:
    """Keeps DEBUG in memory; an error, stall or alert writes it out and turns DEBUG on for its run for a while.

    `write` and `dump` must not block: they hand over to whoever writes files. Every lock of the log is
    reentrant, since a signal handler or a finalizer may log in the middle of a line.
    """

    def __init__(
        self,
        clock: Clock,
        write: Take,
        dump: Callable[[Dump], None],
        *,
        level: str = "INFO",
        ring: int = 200,
        escalation: float = 300.0,
    ) -> None:
        self._clock = clock
        self._write = write
        self._dump = dump
        self._level = logging.getLevelNamesMapping()[level]
        self._escalation = escalation
        self._rings = Rings(ring)
        self._limiter = Limiter()
        self._printed = Printed()
        self._lock = threading.RLock()
        self._until: dict[str, float] = {}

    def use(self, level: str, escalation: float) -> None:
        """Another level from now on; what trouble has turned on stays on for its time."""
        self._level, self._escalation = logging.getLevelNamesMapping()[level], escalation

    def take(self, line: LogLine) -> None:
        """Take a line of this interpreter or of a child."""
        monotonic = self._clock.monotonic()
        self._rings.add(line, monotonic)
        if line.severity >= self._level or self._escalated(line, monotonic):
            for admitted in (self._printed if line.printed else self._limiter).admit(line, monotonic):
                self._write(admitted)
        if line.severity >= logging.ERROR:
            self._trouble(line.subject, line.process, line.run, line.text.partition("\n")[0], logged=True)

    def alarm(self, process: str, run: str, why: str) -> None:
        """Treat a stall or an alert like an error of that run."""
        self._trouble(run or process, process, run, why)

    def escalated(self, subject: str) -> bool:
        """Whether a run, process or logger has DEBUG on."""
        return self._until.get(subject, float("-inf")) > self._clock.monotonic()

    def forget(self, run: str) -> None:
        """A run ended: its ring goes, while its process stays at DEBUG until the time is over."""
        self._rings.forget(run)

    def tell_suppressed(self, *, closing: bool = False) -> None:
        """Write what was counted and held back; called now and then by the writer, and at the end."""
        monotonic = self._clock.monotonic()
        for held_back in (self._limiter, self._printed):
            for line in held_back.summaries(monotonic, closing=closing):
                self._write(line)

    def _escalated(self, line: LogLine, monotonic: float) -> bool:
        subjects = (line.run, line.process, line.logger)
        return any(self._until.get(subject, float("-inf")) > monotonic for subject in subjects if subject)

    def _trouble(self, subject: str, process: str, run: str, why: str, *, logged: bool = False) -> None:
        """Dump once: while DEBUG is on already, what led to the next error stands in the log itself."""
        monotonic = self._clock.monotonic()
        subjects = {subject, process} if run else {subject}
        with self._lock:
            already = self._until.get(subject, float("-inf")) > monotonic
            self._until = {each: until for each, until in self._until.items() if until > monotonic}
            self._until |= dict.fromkeys(subjects, monotonic + self._escalation)
        if not already:
            self._dump(Dump(self._clock.now(), process, run, why, self._rings.lines(run, monotonic), logged))
