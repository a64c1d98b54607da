"""The exchange account from the command line: armed at a terminal, stopped with a word on what was done."""

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from pydantic import SecretStr

from app.cli.main import main
from app.control.answers import Answers, Hooks
from app.control.lock import HomeLock
from app.control.server import ControlServer
from app.paths import Home
from app.settings.model import Trading
from app.wiring.account import account_of
from app.wiring.projections import all_projections
from services.core.clock import SystemClock
from services.core.errors import UserError
from services.trading.desk.commands import Obeying
from services.trading.desk.contact import Contact
from services.trading.desk.door import Door
from services.trading.desk.ledger import Ledger
from services.trading.venue.arming import Wish
from services.trading.venue.rights import Rights
from tests.support.desks import Floor
from tests.support.manual_clock import ManualClock
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
        self.floor.venue.rights = lambda: Rights(True, True, False, False, True)
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


def test_positions_say_how_the_program_that_keeps_the_account_reaches_the_exchange(
    home: Home, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("EXCHANGE", "binance"), ("API_KEY", "key"), ("API_SECRET", "secret")):
        monkeypatch.setenv(f"DREAMSCAPE_TRADING__{name}", value)
    trading = Trading(exchange="binance", api_key=SecretStr("key"), api_secret=SecretStr("secret"))
    account = account_of(home, trading, SystemClock())
    assert account is not None
    Ledger(account.ledger).close()
    assert main(["--home", str(home.root), "positions"]) == 0
    assert "No program keeps the account now: this is our ledger's word alone." in capsys.readouterr().out
    until = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
    told = Contact("the exchange cannot be asked: no answer, since 12:00:00 UTC", 1.2, 31, 4800, until, "binance rests")
    told = replace(told, unarmed="the key may withdraw")
    running = Program(home.root, clock).open(all_projections())
    hooks = Hooks(standing=lambda: {"exchange": asdict(told)})
    with HomeLock(home) as lock, closing(ControlServer(lock, Answers(running.engine, home, hooks)).start()):
        assert main(["--home", str(home.root), "positions"]) == 0
        out = capsys.readouterr().out
        assert main(["--home", str(home.root), "positions", "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
    running.close()
    assert "The exchange cannot be asked: no answer, since 12:00:00 UTC. Our ledger's word stands alone" in out
    assert "The exchange: its clock is 1,200 ms ahead of ours · request weight 31 of 4,800 this minute" in out
    assert "binance rests until 12:05:00 UTC" in out
    assert "Nothing is bought with real money: the key may withdraw." in out
    assert (document["exchange"]["offset_seconds"], document["exchange"]["weight_used"]) == (1.2, 31)


def test_a_program_that_keeps_the_account_and_cannot_tell_how_is_not_passed_over(
    home: Home, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("EXCHANGE", "binance"), ("API_KEY", "key"), ("API_SECRET", "secret")):
        monkeypatch.setenv(f"DREAMSCAPE_TRADING__{name}", value)
    trading = Trading(exchange="binance", api_key=SecretStr("key"), api_secret=SecretStr("secret"))
    account = account_of(home, trading, SystemClock())
    assert account is not None
    Ledger(account.ledger).close()
    running = Program(home.root, clock).open(all_projections())

    def standing() -> dict[str, object]:
        raise UserError("the account does not say")

    with HomeLock(home) as lock:
        server = ControlServer(lock, Answers(running.engine, home, Hooks(standing=standing))).start()
        with closing(server):
            assert main(["--home", str(home.root), "positions"]) == 0
    running.close()
    out = capsys.readouterr().out
    assert "The account does not say. What stands here is our ledger's word alone." in out
    assert "No program keeps the account now" not in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("close", "bto"), "The account knows no bot called bto; no bot holds anything; did you mean 'bot'?"),
        (("close", "nope"), "no bot holds anything; 'dreamscape ps' lists them."),
        (("close", "bot"), "The account knows no bot called bot; no bot holds anything.\n"),
        (("resolve", "abc", "--arrived", "--reason", "seen"), "'dreamscape orders' tells how each stands."),
    ],
)
def test_what_the_account_does_not_know_is_told_with_where_it_is_found(
    home: Home, keeping: Keeping, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home.root), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_guard_that_there_is_not_is_answered_with_those_that_there_are(
    home: Home, keeping: Keeping, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.accounts / "binance.db").parent.mkdir(exist_ok=True)
    (home.accounts / "binance.db").touch()
    assert main(["--home", str(home.root), "rearm", "emergncy", "--reason", "test"]) == 2
    told = capsys.readouterr().err
    assert "the account's guards are daily loss, drawdown, emergency stop, rejected streak, balance" in told
    assert "did you mean 'emergency stop'?" in told
