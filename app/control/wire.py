"""Lines over a local socket, by blocking waits that end: bounded in length and in time. No event loop is needed."""

from __future__ import annotations

import time

from PyQt6.QtNetwork import QLocalSocket


class WireFault(Exception):
    """The other side said nothing in time, too much, or went away."""


class Lines:
    """Whole lines from and to one socket; used by the thread that owns the socket."""

    def __init__(self, socket: QLocalSocket, longest: int) -> None:
        self._socket = socket
        self._longest = longest
        self._rest = b""
        socket.setReadBufferSize(longest)

    def read(self, patience: float) -> bytes:
        """The next line without its end; raises ``WireFault`` after ``patience`` seconds without it."""
        deadline = time.monotonic() + patience
        while b"\n" not in self._rest:
            if len(self._rest) > self._longest:
                raise WireFault(f"a line of more than {self._longest:,} bytes")
            self._wait_for_bytes(deadline, patience)
            self._rest += self._socket.readAll().data()
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def write(self, line: bytes, patience: float) -> None:
        """Hand over a line with its end; raises ``WireFault`` when the other side does not take it."""
        deadline = time.monotonic() + patience
        self._socket.write(line)
        while self._socket.bytesToWrite():
            if not self._socket.waitForBytesWritten(_left(deadline)):
                raise WireFault("nobody took what was written")

    def _wait_for_bytes(self, deadline: float, patience: float) -> None:
        left = _left(deadline)
        if self._socket.bytesAvailable() or (left and self._socket.waitForReadyRead(left)):
            return
        if self._socket.bytesAvailable():  # what came in with the hang-up
            return
        if self._socket.state() is not QLocalSocket.LocalSocketState.ConnectedState:
            raise WireFault("the connection was closed")
        if not _left(deadline):
            raise WireFault(f"no word for {patience:g} s")


def _left(deadline: float) -> int:
    """Milliseconds until ``deadline``, none below 0."""
    return max(0, round((deadline - time.monotonic()) * 1000))
