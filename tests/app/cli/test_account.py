"""The exchange account from the command line: armed at a terminal, stopped with a word on what was done."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from app.cli.main import main
from app.paths import Home
from services.core.clock import SystemClock
from services.trading.desk.commands import Obeying
from services.trading.desk.door import Door
from services.trading.venue.arming import Wish
from services.trading.venue.rights import Rights
from tests.support.desks import Floor
from tests.support.program import Program

pty = pytest.importorskip("pty", reason="there is no such terminal there")
WORDS = "trade my money on binance"


class Keeping(Thread):
    """The account's own thread: it alone touches the desk, and does what is handed through the door."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.ended, self.knocked = path, False, Event()
        self.door = Door(SystemClock(), open=True, knock=self.knocked.set)
        self.floor: Floor

    def run(self) -> None:
        self.floor = Floor(self.path, live=True)
        self.floor.venue.rights = lambda: Rights(True, True, False, False, True)  # type: ignore[attr-defined]
        self.floor.desk.round()
        while not self.ended:
            self.door.serve(self.floor.desk)
            self.knocked.wait()
            self.knocked.clear()
        self.floor.close()

    def do(self, work: Callable[[Floor], object]) -> None:
        """Have this done with the floor, in its thread."""
        self.door.ask(lambda _desk: work(self.floor))

    def armed(self) -> bool:
        return self.door.ask(lambda desk: desk.book.armed is not None)


@pytest.fixture
def keeping(tmp_path: Path, program: Program) -> Iterator[Keeping]:
    """The account that the running program keeps, under a key that may trade and a setting that lets it."""
    made = Keeping(tmp_path / "account.db")
    obeying = Obeying(made.door, lambda typed: Wish("binance", "", True, True, typed, True, "the test says so"))
    for kind, obey in obeying.handlers().items():
        program.engine.commands.register(kind, obey)
    made.start()
    yield made
    made.ended = True
    made.knocked.set()
    made.join()


@contextmanager
def typed(monkeypatch: pytest.MonkeyPatch, words: str) -> Iterator[None]:
    """Have a person at a terminal type this."""
    person, terminal = pty.openpty()
    os.write(person, f"{words}\n".encode())
    with os.fdopen(terminal, "r", encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield
    os.close(person)


def test_the_words_that_arm_are_typed_at_a_terminal(
    home: Home, keeping: Keeping, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with typed(monkeypatch, "yes"):
        assert main(["--home", str(home.root), "arm"]) == 2
    assert not keeping.armed()
    with typed(monkeypatch, WORDS):
        assert main(["--home", str(home.root), "arm"]) == 0
    assert "The account is armed: real money is traded." in capsys.readouterr().out
    assert keeping.armed()


def test_words_through_a_pipe_arm_nothing_and_it_is_said_why(
    home: Home, keeping: Keeping, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{WORDS}\n"))
    assert main(["--home", str(home.root), "arm"]) == 2
    assert "is not read: type the words at a terminal, or let a script say them with --confirm" in (
        capsys.readouterr().err
    )
    assert not keeping.armed()
    assert main(["--home", str(home.root), "arm", "--confirm", WORDS]) == 0


def test_a_stop_tells_what_was_sold_and_fails_where_the_exchange_could_not_be_asked(
    home: Home, keeping: Keeping, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home.root), "arm", "--confirm", WORDS]) == 0
    keeping.do(lambda floor: floor.bought())
    assert main(["--home", str(home.root), "stop-trading"]) == 0
    told = capsys.readouterr().out
    assert "Sold at the exchange: 0.00988 BTC of curl at 49999.99 USDT." in told
    assert 'dreamscape rearm "emergency stop" --reason "..."' in told
    keeping.do(lambda floor: setattr(floor.venue, "unreachable", True))
    assert main(["--home", str(home.root), "stop-trading"]) == 1
    told = capsys.readouterr().out
    assert "The exchange could not be asked: the exchange cannot be reached, since 09:00:" in told
    assert "By our ledger nothing of ours is open or held" in told


def test_a_guard_that_there_is_not_is_answered_with_those_that_there_are(
    home: Home, keeping: Keeping, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.accounts / "binance.db").parent.mkdir(exist_ok=True)
    (home.accounts / "binance.db").touch()
    assert main(["--home", str(home.root), "rearm", "emergncy", "--reason", "test"]) == 2
    told = capsys.readouterr().err
    assert "the account's guards are daily loss, drawdown, emergency stop, rejected streak, balance" in told
    assert "did you mean 'emergency stop'?" in told
