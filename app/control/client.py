"""Asking the running instance over its socket; a word within two seconds, or a clear error."""

from __future__ import annotations

import time

from PyQt6.QtNetwork import QLocalSocket

from app.control.lock import HomeLock, HomeTaken
from app.control.protocol import (
    LONGEST_REPLY,
    Document,
    Fault,
    NotOurs,
    Refused,
    RefusedByGuard,
    Reply,
    Request,
    address,
    decode_reply,
    encode,
)
from app.control.wire import Lines, WireFault
from app.paths import Home
from services.core.errors import UserError

PATIENCE = 2.0
"""Seconds to connect, and between two words of the instance."""
_BETWEEN_TRIES = 0.05


class NotRunning(Exception):
    """Nobody runs this home."""


class NotAnswering(UserError):
    """Somebody runs this home and does not answer."""

    def __init__(self, taken: HomeTaken, why: str) -> None:
        self.pid = taken.pid
        who = f"process {taken.pid}" if taken.pid else "a process that its lock does not name"
        mend = taken.unsure or f"else end that process (kill {taken.pid}) and try again"
        super().__init__(
            f"Dreamscape runs as {who} and does not answer ({why})",
            taken.where,
            f"wait if it is just starting; {mend}",
        )


def ask(home: Home, request: Request, patience: float = PATIENCE) -> Document:
    """The running instance's answer.

    Raises ``NotRunning``, ``NotAnswering``, ``Refused`` (what was asked cannot be done), or ``Fault``.
    """
    socket = _connected(home, patience)
    try:
        lines = Lines(socket, LONGEST_REPLY)
        lines.write(encode(request), patience)
        reply = _final(lines, patience)
    except (WireFault, NotOurs) as error:
        taken = HomeLock(home).taken_by_another()
        raise NotAnswering(taken or HomeTaken(home, 0), str(error)) from error
    finally:
        socket.abort()
    if reply.fault:
        raise Fault(reply.refused)
    if reply.answer is None:
        raise (RefusedByGuard if reply.guarded else Refused)(reply.refused)
    return reply.answer


def _final(lines: Lines, patience: float) -> Reply:
    """The reply that is more than a sign of life."""
    while True:
        reply = decode_reply(lines.read(patience))
        if not reply.working:
            return reply


def _why(socket: QLocalSocket) -> str:
    """Qt's own words name its calls: nobody listens yet is what there is to know of most of them."""
    not_there = (
        QLocalSocket.LocalSocketError.ServerNotFoundError,
        QLocalSocket.LocalSocketError.ConnectionRefusedError,
    )
    if socket.error() in not_there:
        return "it is starting, or it hangs: nobody listens yet"
    return socket.errorString() or "no socket"


def _connected(home: Home, patience: float) -> QLocalSocket:
    """Connect; an instance that holds the lock and has no socket yet is given ``patience`` seconds to get one."""
    deadline = time.monotonic() + patience
    while True:
        socket = QLocalSocket()
        socket.connectToServer(address(home))
        if socket.waitForConnected(round(patience * 1000)):
            return socket
        taken = HomeLock(home).taken_by_another()
        if taken is None:
            raise NotRunning
        if time.monotonic() >= deadline:
            raise NotAnswering(taken, _why(socket))
        time.sleep(_BETWEEN_TRIES)
