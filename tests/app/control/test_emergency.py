import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.control.emergency import stop_account
from app.paths import Home
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
    named = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET}
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
        assert told == {"account": "stopped", "remaining": [], "ended": program.pid}
        assert program.wait() != 0
    ledger = exchange.ledger()
    assert [each["side"] for each in ledger["orders"]] == ["BUY", "SELL", "SELL"]
    assert [each["status"] for each in ledger["orders"]] == ["FILLED", "CANCELED", "FILLED"]
    assert Decimal("0.5") <= Decimal(ledger["balances"]["BTC"]["free"]) < Decimal("0.50001")


def test_where_no_account_was_kept_there_is_nothing_to_stop(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "the test").create()
    assert stop_account(home, {}) == {"account": "none", "remaining": [], "ended": 0}
