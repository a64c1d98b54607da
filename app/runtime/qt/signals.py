"""Ctrl-C, SIGTERM and a closed terminal under Qt's loop: Python's handlers run only when it runs: a socket wakes it."""

import signal
import socket
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, QSocketNotifier
from PyQt6.sip import voidptr

from app.runtime.end_signals import end_signals


class EndSignals(QObject):
    """Calls ``end`` once for the first signal, and ``now`` for a second one."""

    def __init__(self, end: Callable[[], None], now: Callable[[], None]) -> None:
        super().__init__()
        self._end, self._now, self._told = end, now, 0
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._heard) for number in end_signals()}
        self._notifier = QSocketNotifier(voidptr(self._read.fileno()), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _woken(self) -> None:
        self._read.recv(256)

    def _heard(self, number: int, frame: Any) -> None:
        self._told += 1
        (self._end if self._told == 1 else self._now)()
