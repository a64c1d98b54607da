import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.control.account import guard_of
from app.control.emergency import stop_account
from app.paths import Home
from services.core.errors import UserError
from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback

HOLDS = """
import os, signal, sys
from decimal import Decimal
from pathlib import Path
from app.paths import Home
from app.settings.load import load
from app.wiring.account import account_of
from services.core.clock import SystemClock
from services.trading.desk.entering import Enter
home, clock = Home(Path(sys.argv[1]), "the test"), SystemClock()
account = account_of(home, load(home, os.environ).settings.trading, clock)
with account.opened(clock) as desk:
    desk.round()
    desk.allot("curl", "USDT", Decimal(1000))
    desk.enter(Enter("curl", "BTC/USDT", "09:00", Decimal(400), Decimal(47500)))
    desk.round()
    print("bought", flush=True)
    sys.stdin.read()
"""
"""A program that holds the account and a position, and then answers nobody any more."""


@pytest.fixture
def exchange() -> Iterator[Loopback]:
    with loopback() as running:
        running.ctl("balance", USDT="10000", BTC="0.5")
        running.ctl("price", symbol="BTCUSDT", price="50000")
        yield running


def surroundings(exchange: Loopback) -> dict[str, str]:
    named = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET, "PLAY_MONEY": "1"}
    return {f"DREAMSCAPE_TRADING__{name}": value for name, value in named.items()}


def test_a_program_that_does_not_answer_is_ended_by_its_id_and_its_positions_are_sold(
    exchange: Loopback, tmp_path: Path
) -> None:
    home, env = Home(tmp_path / "home", "the test").create(), surroundings(exchange)
    command = [sys.executable, "-c", HOLDS, str(home.root)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=os.environ | env) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "bought\n"
        told = stop_account(home, env)
        assert [each["what"][:8] for each in told.pop("dust")] == ["0.000002"]
        assert [each["role"] for each in told.pop("cancelled")] == ["stop"]
        assert [(each["bot"], each["quantity"]) for each in told.pop("closed")] == [("curl", "0.00798")]
        assert told.pop("since")
        assert told == {"account": "stopped", "remaining": [], "ended": program.pid}
        assert program.wait() != 0
    ledger = exchange.ledger()
    assert [each["side"] for each in ledger["orders"]] == ["BUY", "SELL", "SELL"]
    assert [each["status"] for each in ledger["orders"]] == ["FILLED", "CANCELED", "FILLED"]
    assert Decimal("0.5") <= Decimal(ledger["balances"]["BTC"]["free"]) < Decimal("0.50001")


def test_where_no_account_was_kept_there_is_nothing_to_stop(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "the test").create()
    assert stop_account(home, {}) == {"account": "none", "cancelled": [], "closed": [], "remaining": [], "ended": 0}


def test_a_program_that_only_waits_for_the_exchange_is_not_ended_and_the_ledger_is_told_as_such(
    exchange: Loopback, bought: tuple[Home, "subprocess.Popen[str]"]
) -> None:
    home, program = bought
    exchange.ctl("unreachable")
    told = stop_account(home, surroundings(exchange), answers=True)
    assert (told["account"], told["ended"]) == ("unasked", 0)
    assert told["unasked"] == "no answer (NetworkError)"
    assert [each["what"].partition(" ")[2][:4] for each in told["remaining"]][:1] == ["BTC "]
    assert program.poll() is None


@pytest.fixture
def bought(exchange: Loopback, tmp_path: Path) -> Iterator[tuple[Home, "subprocess.Popen[str]"]]:
    """A home whose program holds a position and answers nobody."""
    home = Home(tmp_path / "home", "the test").create()
    command = [sys.executable, "-c", HOLDS, str(home.root)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=os.environ | surroundings(exchange)) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "bought\n"
        yield home, program
        program.kill()


def without_secret(env: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if not name.endswith("SECRET")}


def elsewhere(env: dict[str, str]) -> dict[str, str]:
    return {name: value.replace("127.0.0.1", "localhost") for name, value in env.items()}


def with_a_wrong_key(env: dict[str, str]) -> dict[str, str]:
    return env | {"DREAMSCAPE_TRADING__API_KEY": "of nobody"}


@pytest.mark.parametrize("changed", [without_secret, elsewhere, with_a_wrong_key])
def test_an_account_that_cannot_be_worked_from_here_is_told_and_who_keeps_it_is_not_ended(
    exchange: Loopback,
    bought: tuple[Home, "subprocess.Popen[str]"],
    changed: Callable[[dict[str, str]], dict[str, str]],
) -> None:
    home, program = bought
    with pytest.raises(UserError, match=r"127\.0\.0\.1.*\.db: "):
        stop_account(home, changed(surroundings(exchange)))
    assert program.poll() is None


def test_an_account_whose_key_is_not_given_here_is_never_told_to_be_at_rest(
    exchange: Loopback, bought: tuple[Home, "subprocess.Popen[str]"]
) -> None:
    home, program = bought
    program.kill()
    program.wait()
    with pytest.raises(UserError, match="no key is given here"):
        stop_account(home, without_secret(surroundings(exchange)))
    told = stop_account(home, elsewhere(surroundings(exchange)))
    assert [each["what"].partition(",")[2] for each in told["remaining"]][:1] == [
        f" by binance-at-http-127.0.0.1-{exchange.url.rpartition(':')[2]}.db, whose key is not given here"
    ]


def test_a_lost_ledger_is_begun_anew_and_what_bears_our_mark_is_sold(
    exchange: Loopback, bought: tuple[Home, "subprocess.Popen[str]"]
) -> None:
    home, program = bought
    program.kill()
    program.wait()
    for path in home.accounts.glob("*.db*"):
        path.unlink()
    told = stop_account(home, surroundings(exchange))
    assert (told["account"], told["remaining"], told["ended"]) == ("stopped", [], 0)
    assert exchange.ledger()["orders"][-1]["side"] == "SELL"
    assert exchange.ledger()["orders"][-1]["status"] == "FILLED"


@pytest.mark.parametrize(
    ("named", "guard"), [("daily_loss", "daily loss"), ("Emergency-Stop", "emergency stop"), ("drawdown stop", "")]
)
def test_a_guard_is_found_by_its_name_however_its_words_are_joined(named: str, guard: str) -> None:
    assert guard_of(named) == guard
