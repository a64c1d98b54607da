"""Signs of life, by output, by a real file and by a real HTTP server on loopback."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.durations import minutes, seconds
from services.orchestrator.scripts.life import Alive, Life


class HandClock(SystemClock):
    """A clock whose monotonic time is moved by hand; nothing here waits on it."""

    time = 0.0

    def monotonic(self) -> float:
        return self.time


class Health(BaseHTTPRequestHandler):
    status = 200
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Health.status, Health.asked = 200, 0
    served = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def alive(text: str, folder: Path, clock: HandClock) -> Life:
    return Life(Alive.parse(text), folder, clock)


def test_without_a_declared_sign_its_being_there_is_one(tmp_path: Path, clock: HandClock) -> None:
    life = Life(None, tmp_path, clock)
    clock.time = 1e6
    assert life.shows()


def test_output_is_a_sign_for_as_long_as_was_said(tmp_path: Path, clock: HandClock) -> None:
    life = alive("output within 60s", tmp_path, clock)
    clock.time = 59
    assert life.shows()
    life.heard()
    clock.time = 119
    assert life.shows()
    clock.time = 120
    assert not life.shows()
    life.heard()
    assert life.shows()


def test_a_file_is_a_sign_when_it_is_written_again(tmp_path: Path, clock: HandClock) -> None:
    beat = tmp_path / "beat"
    beat.write_text("old")
    os.utime(beat, (1, 1))
    life = alive("file beat within 60s", tmp_path, clock)
    clock.time = 61
    assert not life.shows()
    beat.write_text("new")
    assert life.shows()
    clock.time = 122
    assert not life.shows()


def test_a_file_that_is_not_there_yet_is_a_sign_when_it_comes(tmp_path: Path, clock: HandClock) -> None:
    life = alive("file deep/beat within 10s", tmp_path, clock)
    clock.time = 11
    assert not life.shows()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "beat").touch()
    assert life.shows()


def test_an_answer_over_http_is_a_sign_and_two_misses_are_forgiven(
    tmp_path: Path, clock: HandClock, server: ThreadingHTTPServer
) -> None:
    life = alive(f"http http://127.0.0.1:{server.server_port}/health?deep=1 every 10s", tmp_path, clock)
    clock.time = 25
    assert life.shows()
    Health.status = 503
    clock.time = 55
    assert life.shows()
    clock.time = 56
    assert not life.shows()


def test_it_is_asked_no_more_often_than_was_said(tmp_path: Path, clock: HandClock, server: ThreadingHTTPServer) -> None:
    life = alive(f"http http://127.0.0.1:{server.server_port}/ every 10s", tmp_path, clock)
    for clock.time in range(30):
        assert life.shows()
    assert Health.asked == 3


def test_nobody_listening_is_no_sign(tmp_path: Path, clock: HandClock, server: ThreadingHTTPServer) -> None:
    port = server.server_port
    server.socket.close()
    life = alive(f"http http://127.0.0.1:{port}/ every 1s", tmp_path, clock)
    clock.time = 4
    assert not life.shows()


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("output within 1m", "output", ""),
        ("file /var/run/a b.pid within 1m", "file", "/var/run/a b.pid"),
        ("http http://127.0.0.1:8000/ every 1m", "http", "http://127.0.0.1:8000/"),
    ],
)
def test_the_three_forms(text: str, kind: str, what: str) -> None:
    assert Alive.parse(text) == Alive(kind, what, minutes(1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sometimes",
        "output every 5s",
        "output x within 5s",
        "output within 60",
        "output within 0s",
        "file within 60s",
        "http every 5s",
        "http ftp://127.0.0.1 every 5s",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Alive.parse(text)


def test_a_sign_after_a_pause_is_counted_anew(tmp_path: Path, clock: HandClock) -> None:
    life = alive("output within 10s", tmp_path, clock)
    clock.time = 3600
    life.reset()
    assert life.shows()
    assert Alive.parse("output within 10s").within == seconds(10).total_seconds()
