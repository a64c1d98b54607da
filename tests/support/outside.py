"""An outside that counts: orders over HTTP on the loopback, which can be made to hang and to let go."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.core.effects import Details, Effect, Outcome, Standing


class PlaceAtDesk(Effect, name="test.place_at_desk"):
    """An order at the counting desk."""

    url: str
    order: str

    @property
    def key(self) -> str:
        return f"desk:{self.order}"

    @property
    def what(self) -> str:
        return f"Order {self.order}"


class Desk:
    """Takes orders, each as often as it is asked: that nothing comes twice is the engine's business."""

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.arrived = threading.Event()
        self.loses = False
        """Orders are lost on their way."""
        self.go_on = threading.Event()
        self.go_on.set()
        desk = self

        class Requests(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                order = self.rfile.read(int(self.headers["Content-Length"])).decode()
                desk.arrived.set()
                desk.go_on.wait(60)
                if desk.loses:
                    return
                desk.orders.append(order)
                self.answer({"taken": order})

            def do_GET(self) -> None:
                self.answer(desk.orders)

            def answer(self, value: object) -> None:
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(ConnectionError):  # whoever gave up waiting has closed the connection
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is inherited
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"


class DeskHandler:
    """Handles ``PlaceAtDesk``; ``timeout`` is the seconds that it waits for the answer to an order."""

    def __init__(self, timeout: float = 60) -> None:
        self.timeout = timeout

    def carry_out(self, effect: PlaceAtDesk) -> Details:
        with urllib.request.urlopen(effect.url, effect.order.encode(), timeout=self.timeout) as answer:
            return dict(json.load(answer))

    def look_up(self, effect: PlaceAtDesk) -> Outcome:
        with urllib.request.urlopen(effect.url, timeout=60) as answer:
            return Outcome(Standing.DONE if effect.order in json.load(answer) else Standing.NOT_DONE)


@contextmanager
def open_desk() -> Iterator[Desk]:
    desk = Desk()
    thread = threading.Thread(target=desk.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        desk.go_on.set()
        desk.server.shutdown()
        desk.server.server_close()
        thread.join()
