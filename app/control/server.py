"""The socket of the running instance: served on a thread of its own, a thread more for each client.

A client that says nothing, rubbish or too much loses its own connection and holds nobody else up.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from PyQt6.QtCore import QThread, QThreadPool
from PyQt6.QtNetwork import QLocalServer, QLocalSocket
from PyQt6.sip import voidptr

from app.control.lock import HomeLock
from app.control.protocol import (
    LONGEST_REQUEST,
    PULSE,
    Document,
    NotOurs,
    Reply,
    Request,
    address_file,
    decode_request,
    encode,
    server_name,
)
from app.control.wire import Lines, WireFault
from services.core.decisions.ledger import HeldBack
from services.core.errors import UserError
from services.core.whole_files import write_whole
from services.orchestrator.supervision.holds import HeldByGuard

log = logging.getLogger(__name__)
Answer = Callable[[Request], Document]
"""Blocks until it has the answer; raises ``UserError`` (or an error of the domain) to refuse."""

PATIENCE = 2.0
"""Seconds for a client to say its request, and to take its reply."""
MOST_CLIENTS = 32
_ROUND_MS = 1_000


class ControlServer:
    """Serves a home's socket for the holder of its lock, from ``start`` to ``close``."""

    def __init__(self, lock: HomeLock, answer: Answer) -> None:
        if not lock.held:
            raise ValueError("only the holder of a home's lock serves its socket")
        self._lock = lock
        self._home = lock.home
        self._name = server_name(lock.home)
        self._answer = answer
        self._accepting = _Accepting(self._name, self._serve)
        self._clients = QThreadPool()
        self._clients.setMaxThreadCount(MOST_CLIENTS)

    def start(self) -> ControlServer:
        """Listen; a socket left by a killed instance is removed. Raises ``UserError`` where none can be made."""
        self._accepting.start()
        self._accepting.listening.wait()
        if self._accepting.error:
            self._accepting.wait()
            raise UserError(
                f"its control socket cannot be made ({self._accepting.error})",
                f"home {self._home.root}",
                "see that the temporary folder can be written",
            )
        # It is of no use after a power failure.
        write_whole(address_file(self._home), f"{self._accepting.full_name}\n".encode(), sync=False)
        return self

    def close(self) -> None:
        """Answer nobody any more, and take the socket away. What is being carried out goes on."""
        self._accepting.closing = True
        poke = QLocalSocket()
        poke.connectToServer(self._accepting.full_name)
        poke.waitForConnected(_ROUND_MS)
        poke.abort()
        self._accepting.wait()
        self._clients.waitForDone(_ROUND_MS)
        address_file(self._home).unlink(missing_ok=True)

    def _serve(self, descriptor: int) -> None:
        """On the accepting thread: hand the connection to a thread of its own."""
        self._clients.start(lambda: self._guarded(voidptr(descriptor)))

    def _guarded(self, descriptor: voidptr) -> None:
        # Qt ends the program for an exception that leaves a thread of its pool.
        try:
            self._converse(descriptor)
        except WireFault as fault:
            # The last one is our own: it wakes who accepts, so that he sees that he is to close.
            log.log(
                logging.DEBUG if self._accepting.closing else logging.INFO, "a control client was dropped: %s", fault
            )
        except Exception:
            log.exception("a control connection failed")

    def _converse(self, descriptor: voidptr) -> None:
        socket = QLocalSocket()
        if not socket.setSocketDescriptor(descriptor):
            raise WireFault(socket.errorString())
        try:
            lines = Lines(socket, LONGEST_REQUEST)
            lines.write(encode(self._reply_to(lines)), PATIENCE)
            socket.disconnectFromServer()
        finally:
            socket.abort()

    def _reply_to(self, lines: Lines) -> Reply:
        try:
            request = decode_request(lines.read(PATIENCE))
        except NotOurs as fault:
            log.info("a control client was refused: %s", fault)
            return Reply(refused=str(fault))
        answering = self._begin(request)
        while True:
            try:
                return answering.result(PULSE)
            except TimeoutError:
                if self._accepting.closing:
                    raise WireFault("the instance ends") from None
                lines.write(encode(Reply(working=True)), PATIENCE)

    def _begin(self, request: Request) -> Future[Reply]:
        """Carry the request out on a daemon thread: an act that hangs outside keeps neither client nor exit waiting."""
        future: Future[Reply] = Future()
        work = threading.Thread(
            target=lambda: future.set_result(reply_of(self._answer, request)), name=f"control {request.do}", daemon=True
        )
        work.start()
        return future


class _Accepting(QThread):
    """Accepts connections; it alone touches the server object."""

    def __init__(self, name: str, serve: Callable[[int], None]) -> None:
        super().__init__()
        self.listening = threading.Event()
        self.closing = False
        self.error = ""
        self.full_name = ""
        self._name = name
        self._serve = serve

    def run(self) -> None:
        server = _Server(self._serve)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)  # whoever holds the lock knows that nobody lives behind it
        if not server.listen(self._name):
            self.error = server.errorString()
        self.full_name = server.fullServerName()
        self.listening.set()
        while not (self.closing or self.error):
            server.waitForNewConnection(_ROUND_MS)
        server.close()


class _Server(QLocalServer):
    """Gives each connection's descriptor away instead of a socket of this thread."""

    def __init__(self, serve: Callable[[int], None]) -> None:
        super().__init__()
        self._serve = serve

    def incomingConnection(self, descriptor: voidptr) -> None:  # noqa: N802
        self._serve(int(descriptor))


def reply_of(answer: Answer, request: Request) -> Reply:
    """The answer, or what it raised in words."""
    from app.control.refusals import in_words

    try:
        return Reply(answer=answer(request))
    except Exception as error:
        words = in_words(error)
        if words is None:
            log.exception("the request %s failed", request.do)
            return Reply(refused=f"{type(error).__name__}: {error}", fault=True)
        return Reply(refused=words, guarded=isinstance(error, HeldByGuard | HeldBack))
