"""The one beat of the window: 30 times a second the newest values go to whoever shows them."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QWidget

_log = logging.getLogger(__name__)

FRAME_MS = 33
STALL_MS = 250.0
_GIVEN_UP_AFTER = 5
_REMEMBERED = 900  # frames: half a minute

Value = TypeVar("Value")


class Sink:
    """Somewhere values go to at each beat; counts how often in a row that failed."""

    failures = 0

    def drain(self) -> None:
        """Apply what is waiting."""
        raise NotImplementedError(f"{type(self).__name__} takes no values")


class Newest(Sink, Generic[Value]):
    """Takes values from any thread and gives the newest to `apply` at the next beat.

    With an `owner`, nothing is applied while that widget is hidden; the newest waits until it is seen.
    """

    def __init__(self, apply: Callable[[Value], None], owner: QWidget | None) -> None:
        self._apply, self._owner = apply, owner
        self._slot: deque[Value] = deque(maxlen=1)  # append and pop of a deque are atomic

    def put(self, value: Value) -> None:
        self._slot.append(value)

    def drain(self) -> None:
        if self._slot and (self._owner is None or self._owner.isVisible()):
            self._apply(self._slot.pop())


class Batch(Sink, Generic[Value]):
    """Takes values from any thread and gives all of them at once to `apply`; what does not fit is counted."""

    def __init__(self, apply: Callable[[tuple[Value, ...]], None], capacity: int) -> None:
        self._apply, self._capacity = apply, capacity
        self._waiting: deque[Value] = deque()
        self.dropped = 0

    def put(self, value: Value) -> None:
        if len(self._waiting) >= self._capacity:
            self.dropped += 1
        else:
            self._waiting.append(value)

    def drain(self) -> None:
        count = len(self._waiting)
        if count:
            self._apply(tuple(self._waiting.popleft() for _ in range(count)))


class FramePump(QObject):
    """Drains every sink at each beat, and measures how long the window's thread was busy.

    A frame's time is what its sinks took plus how much later than due the beat came, in ms. A sink that
    fails several times in a row is detached, and `detached` says why.
    """

    detached = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None, monotonic: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._sinks: list[Sink] = []
        self._frames: deque[float] = deque(maxlen=_REMEMBERED)
        self._last_begin: float | None = None
        self.stalls = 0  # frames over STALL_MS since the start
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.beat)

    def newest(self, apply: Callable[[Value], None], owner: QWidget | None = None) -> Newest[Value]:
        """A sink of which only the newest value counts."""
        sink = Newest(apply, owner)
        self._sinks.append(sink)
        return sink

    def batch(self, apply: Callable[[tuple[Value, ...]], None], capacity: int = 20_000) -> Batch[Value]:
        """A sink of which every value counts, such as a log."""
        sink = Batch(apply, capacity)
        self._sinks.append(sink)
        return sink

    def add(self, sink: Sink) -> None:
        """Any other sink."""
        self._sinks.append(sink)

    def remove(self, sink: Sink) -> None:
        """Stop giving values to a sink; one that is gone already is fine."""
        if sink in self._sinks:
            self._sinks.remove(sink)

    def start(self) -> None:
        self._last_begin = None
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    @property
    def p99_ms(self) -> float:
        """The frame time that 99 of 100 recent frames stay under; 0 before the first."""
        if not self._frames:
            return 0.0
        return sorted(self._frames)[int(len(self._frames) * 0.99)]

    def beat(self) -> None:
        """One frame; the timer calls it."""
        begin = self._monotonic()
        late = self._late(begin)
        for sink in tuple(self._sinks):
            self._drain(sink)
        self._note(late + (self._monotonic() - begin) * 1000)
        self._last_begin = begin

    def _drain(self, sink: Sink) -> None:
        try:
            sink.drain()
            sink.failures = 0
        except Exception as error:
            sink.failures += 1
            _log.error("a part of the window could not show its values", exc_info=error)
            if sink.failures >= _GIVEN_UP_AFTER:
                self.remove(sink)
                self.detached.emit(f"{type(error).__name__}: {error}")

    def _late(self, begin: float) -> float:
        if self._last_begin is None:
            return 0.0
        return max(0.0, (begin - self._last_begin) * 1000 - FRAME_MS)

    def _note(self, frame_ms: float) -> None:
        self._frames.append(frame_ms)
        if frame_ms > STALL_MS:
            self.stalls += 1
