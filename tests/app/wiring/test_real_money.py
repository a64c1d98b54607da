"""What lets real money be traded, through the whole program: each taken out alone, and nothing is armed or bought."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.paths import Home
from app.program import Program
from app.secrets import Secrets
from services.core.effects import Refused
from services.trading.desk.asking import EnterPosition
from services.trading.desk.commands import ArmAccount, StopAccount
from services.trading.desk.events import AccountArmed
from services.trading.desk.ledger import Ledger
from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback
from tests.support.until import until

D = Decimal
WORDS = "trade my money on binance"
Change = Callable[[Loopback, dict[str, str]], object]


def in_ci(exchange: Loopback, env: dict[str, str]) -> None:
    env["CI"] = "true"


def in_development(exchange: Loopback, env: dict[str, str]) -> None:
    env["APP_ENV"] = "dev"


def not_asked_for(exchange: Loopback, env: dict[str, str]) -> None:
    del env["--live"]


def not_set(exchange: Loopback, env: dict[str, str]) -> None:
    env["DREAMSCAPE_TRADING__LIVE"] = "0"


def withdraws(exchange: Loopback, env: dict[str, str]) -> None:
    exchange.ctl("rights", enableWithdrawals=True)


TAKEN_OUT: list[tuple[Change, str]] = [
    (in_ci, "live trading is not allowed here: never in CI"),
    (in_development, "live trading is not allowed here: needs prod"),
    (not_asked_for, "live trading is not allowed here: needs --live"),
    (not_set, "the setting trading.live is off"),
    (withdraws, "the key may withdraw or send money away"),
]


@pytest.fixture(autouse=True)
def no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose branch might disagree."""
    monkeypatch.setattr("app.surroundings._PROGRAM_ROOT", tmp_path)


@pytest.fixture
def exchange() -> Iterator[Loopback]:
    with loopback() as running:
        running.ctl("balance", USDT="10000", BTC="0.5")
        running.ctl("price", symbol="BTCUSDT", price="50000")
        yield running


def allowed(exchange: Loopback) -> dict[str, str]:
    """The environment variables of one who means it; ``--live`` stands for the word of the command line."""
    named = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET, "LIVE": "1"}
    return {"APP_ENV": "prod", "--live": ""} | {f"DREAMSCAPE_TRADING__{name}": value for name, value in named.items()}


@contextmanager
def running(root: Path, given: Mapping[str, str]) -> Iterator[Program]:
    env = {name: value for name, value in given.items() if name != "--live"}
    secrets = Secrets(env, NoKeyring)
    made = Program(Home(root / "home", "a test"), env, safe_mode=True, live="--live" in given, secrets=secrets)
    with closing(made):
        made.run_steps()
        until(lambda: made.door is not None and made.door.open)
        yield made


def arm(program: Program) -> object:
    """Once the account is reconciled."""
    engine = program.engine
    assert program.door is not None
    until(lambda: program.door.ask(lambda desk: desk.reconciled and desk.permission.asked))
    return engine.clock.result(engine.commands.dispatch(ArmAccount(WORDS)), 10)


def bought(program: Program, cause: str = "09:00") -> str:
    """Why nothing was; empty where it was."""
    soon = program.clock.now() + timedelta(minutes=5)
    wish = EnterPosition("curl", "BTC/USDT", cause, D(1000), D(15), D(47500), soon)
    assert program.door is not None
    until(lambda: program.door.ask(lambda desk: desk.reconciled and desk.permission.asked))
    told = program.engine.acts.decide(wish, "the test", "test")
    return "" if told.done else told.why


def orders(exchange: Loopback) -> list[tuple[str, str]]:
    return [(each["side"], each["type"]) for each in exchange.ledger()["orders"]]


def test_where_all_allows_it_an_armed_account_buys_and_the_ledger_has_nothing_of_the_key(
    exchange: Loopback, tmp_path: Path
) -> None:
    with running(tmp_path, allowed(exchange)) as program:
        assert "live trading is not armed" in bought(program)
        arm(program)
        assert bought(program) == ""
        until(lambda: len(orders(exchange)) == 2)
        assert program.engine.clock.result(program.engine.commands.dispatch(StopAccount("test")))["remaining"] == []
    (path,) = program.home.accounts.glob("*.db")
    with closing(Ledger(path)) as ledger:
        (armed,) = [event for _, event in ledger.read() if isinstance(event, AccountArmed)]
    assert len(armed.key) == 32
    assert not {KEY, SECRET} & {armed.key}
    assert all(word.encode() not in path.read_bytes() for word in (KEY, SECRET))


@pytest.mark.parametrize(("take_out", "why"), TAKEN_OUT)
def test_without_each_of_them_nothing_is_armed(exchange: Loopback, tmp_path: Path, take_out: Change, why: str) -> None:
    take_out(exchange, env := allowed(exchange))
    with running(tmp_path, env) as program:
        with pytest.raises(Refused, match=why):
            arm(program)
        assert bought(program) != ""
    assert orders(exchange) == []


@pytest.mark.parametrize(("take_out", "why"), TAKEN_OUT)
def test_without_each_of_them_an_account_that_was_armed_buys_nothing_from_the_next_start_on(
    exchange: Loopback, tmp_path: Path, take_out: Change, why: str
) -> None:
    env = allowed(exchange)
    with running(tmp_path, env) as program:
        arm(program)
    take_out(exchange, env)
    with running(tmp_path, env) as program:
        assert why in bought(program)
        assert program.door is not None
        until(lambda: why in (program.door.contact().unarmed))  # where a person looks
    assert orders(exchange) == []


def test_an_account_that_was_armed_buys_nothing_with_another_key(exchange: Loopback, tmp_path: Path) -> None:
    env = allowed(exchange)
    with running(tmp_path, env) as program:
        arm(program)
    exchange.ctl("key", key="another", secret="of another")
    env |= {"DREAMSCAPE_TRADING__API_KEY": "another", "DREAMSCAPE_TRADING__API_SECRET": "of another"}
    with running(tmp_path, env) as program:
        assert "it was armed for another key" in bought(program)
        arm(program)
        assert bought(program) == ""
