"""A server that nobody should ask: whatever reaches it is counted."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Stranger(ThreadingHTTPServer):
    """Another server on this machine, which keeps whatever reaches it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listens)
        self.connections = 0

    def get_request(self) -> Any:
        self.connections += 1
        return super().get_request()


class _Listens(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"serverTime": 1}).encode())

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *told: object) -> None:
        """Says nothing."""
