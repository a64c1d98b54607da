import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtNetwork import QLocalSocket

from app.control.client import NotAnswering, NotRunning, ask
from app.control.lock import HomeLock
from app.control.protocol import LONGEST_REQUEST, Document, Fault, Refused, Request, address, address_file
from app.control.server import ControlServer
from app.paths import Home
from services.core.errors import UserError

SERVE = """
import sys
from pathlib import Path
from app.control.lock import HomeLock
from app.control.server import ControlServer
from app.paths import Home
server = ControlServer(HomeLock(Home(Path(sys.argv[1]))).take(), lambda request: {"from": "the other"}).start()
print("serves", flush=True)
sys.stdin.read()
"""

Serve = Callable[[Callable[[Request], Document]], ControlServer]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def serve(home: Home) -> Iterator[Serve]:
    servers: list[ControlServer] = []
    with HomeLock(home) as lock:

        def started(answer: Callable[[Request], Document]) -> ControlServer:
            servers.append(ControlServer(lock, answer).start())
            return servers[-1]

        yield started
        for server in servers:
            server.close()


@pytest.fixture
def other(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that serves the home."""
    words = [sys.executable, "-c", SERVE, str(home.root)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "serves\n"
        yield process
        process.kill()


def raw(home: Home) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(address(home))
    assert socket.waitForConnected(5_000)
    return socket


def everything(socket: QLocalSocket) -> bytes:
    """What the server says until it hangs up."""
    heard = b""
    while socket.waitForReadyRead(10_000):
        heard += socket.readAll().data()
    return heard + socket.readAll().data()


def echo(request: Request) -> Document:
    return {"do": request.do, **request.fields}


def test_a_request_gets_its_answer(home: Home, serve: Serve) -> None:
    serve(echo)
    assert ask(home, Request("pause", {"process": "bot – one"})) == {"do": "pause", "process": "bot – one"}


def test_only_the_holder_of_the_lock_may_serve(home: Home) -> None:
    with pytest.raises(ValueError, match="only the holder"):
        ControlServer(HomeLock(home), echo)


def test_the_socket_is_the_users_alone(home: Home, serve: Serve) -> None:
    serve(echo)
    path = Path(address_file(home).read_text().strip())
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_a_refusal_comes_in_its_own_words(home: Home, serve: Serve) -> None:
    def refuse(request: Request) -> Document:
        raise UserError("no such thing", "field x", "give another")

    serve(refuse)
    with pytest.raises(Refused) as caught:
        ask(home, Request("set"))
    assert str(caught.value) == "field x: no such thing. Give another."


def test_a_fault_of_the_program_is_told_apart_and_the_next_request_is_served(home: Home, serve: Serve) -> None:
    def answer(request: Request) -> Document:
        return {"got": request.fields["missing"]}

    serve(answer)
    with pytest.raises(Fault, match="KeyError"):
        ask(home, Request("x"))
    assert ask(home, Request("x", {"missing": 1})) == {"got": 1}


def test_many_clients_at_once_each_get_their_own_answer(home: Home, serve: Serve) -> None:
    everyone = threading.Barrier(8)

    def together(request: Request) -> Document:
        everyone.wait(20)
        return request.fields

    serve(together)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(ask(home, Request("x", {"n": n}))["n"])) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == list(range(8))


def test_an_answer_that_takes_longer_than_the_clients_patience_still_arrives(home: Home, serve: Serve) -> None:
    beats = threading.Event()

    def slow(request: Request) -> Document:
        beats.wait(1.6)
        return {"done": True}

    serve(slow)
    assert ask(home, Request("approve"), patience=1.0) == {"done": True}


@pytest.mark.parametrize(
    "rubbish", [b"hello\n", b'{"do": 1}\n', b"\xff\xfe\x00\n", b'{"do": "ps", "version": 99}\n', b"[]\n"]
)
def test_rubbish_is_refused_and_hurts_nobody(home: Home, serve: Serve, rubbish: bytes) -> None:
    serve(echo)
    socket = raw(home)
    socket.write(rubbish)
    assert b"refused" in everything(socket)
    assert ask(home, Request("ps")) == {"do": "ps"}


def test_a_client_that_says_too_much_is_cut_off(home: Home, serve: Serve) -> None:
    serve(echo)
    socket = raw(home)
    socket.write(b"x" * (4 * LONGEST_REQUEST))
    assert everything(socket) == b""
    assert ask(home, Request("ps")) == {"do": "ps"}


def test_clients_that_hang_hold_nobody_up(home: Home, serve: Serve) -> None:
    serve(echo)
    silent = [raw(home) for _ in range(10)]
    half = raw(home)
    half.write(b'{"do": "ps"')
    half.flush()
    assert ask(home, Request("ps")) == {"do": "ps"}
    assert all(socket.state() is QLocalSocket.LocalSocketState.ConnectedState for socket in silent)


def test_a_client_that_leaves_before_its_answer_hurts_nobody(home: Home, serve: Serve) -> None:
    begun, go = threading.Event(), threading.Event()

    def wait(request: Request) -> Document:
        begun.set()
        go.wait(20)
        return {}

    serve(wait)
    socket = raw(home)
    socket.write(b'{"do": "x"}\n')
    socket.flush()
    assert begun.wait(20)
    socket.abort()
    go.set()
    assert ask(home, Request("y")) == {}


def test_nobody_answers_where_nobody_runs(home: Home) -> None:
    with pytest.raises(NotRunning):
        ask(home, Request("ps"))


def test_after_closing_nobody_answers_and_nothing_is_left(home: Home, serve: Serve) -> None:
    server = serve(echo)
    path = Path(address_file(home).read_text().strip())
    server.close()
    assert not path.exists()
    assert not address_file(home).exists()


def test_a_holder_without_a_socket_is_named_with_its_mend(home: Home) -> None:
    with HomeLock(home), pytest.raises(NotAnswering) as caught:
        ask(home, Request("ps"), patience=0.2)
    assert "does not answer" in str(caught.value)
    assert str(caught.value.pid) in str(caught.value)


def test_a_holder_that_its_lock_does_not_name_is_told_with_the_file_to_remove(home: Home) -> None:
    with HomeLock(home):
        home.lock.write_bytes(b"garbage")
        with pytest.raises(NotAnswering, match=f"if nothing runs there, remove the file {home.lock}"):
            ask(home, Request("ps"), patience=0.2)


def test_a_lock_that_says_nothing_and_that_nobody_holds_is_no_instance(home: Home) -> None:
    home.lock.write_bytes(b"garbage")
    with pytest.raises(NotRunning):
        ask(home, Request("ps"))


def test_the_instance_answers_another_process(home: Home, other: subprocess.Popen[str]) -> None:
    assert ask(home, Request("ps")) == {"from": "the other"}


def test_a_session_with_another_temporary_folder_finds_the_instance(
    home: Home, other: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert ask(home, Request("ps")) == {"from": "the other"}


def test_the_socket_of_a_killed_instance_answers_nobody_and_gives_way(home: Home, other: subprocess.Popen[str]) -> None:
    path = Path(address_file(home).read_text().strip())
    other.kill()
    other.wait()
    if sys.platform != "win32":
        assert path.exists()
    with pytest.raises(NotRunning):
        ask(home, Request("ps"))
    with HomeLock(home) as lock:
        server = ControlServer(lock, echo).start()
        assert ask(home, Request("ps")) == {"do": "ps"}
        server.close()
