"""`stop-trading` against a program that hangs: real processes, the exchange among them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback
from tests.support.until import until

PATIENCE = 60.0
PAST, TO_COME = 300, 200
"""Bars of a second, told ahead: the ones to come are taken as they close."""
STRATEGY = """
name: eager
market: {symbol: BTC/USDT, tick: 0.01, step: 0.00001, min_notional: 10}
timeframe: 1s
data: live
terms: {up: {kind: momentum, bars: 2, window: 5}}
enter: 0.01
exit: -1
stop: {percent: 5}
sizing: {fixed: 400}
capital: 1000
max_signal_age: 20s
"""
BY_HAND = {"symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.1"}

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be made to hang so there")


@pytest.fixture
def exchange() -> Iterator[Loopback]:
    """Where the user has 0.5 BTC, and offers 0.1 of them by hand far above the price."""
    with loopback() as running:
        running.ctl("balance", USDT="10000", BTC="0.5")
        running.ctl("price", symbol="BTCUSDT", price="50000")
        running.ctl("by_hand", **BY_HAND, price="99000", newClientOrderId="web_by_hand")
        begun = running.ctl("clock")["now"] // 1000 - PAST
        for number in range(PAST + TO_COME):
            opened, close = (50_000 + step + step % 3 / 2 for step in (number, number + 1))
            prices = {"open": opened, "high": close + 2, "low": opened - 2, "close": close, "volume": 1}
            told = {name: str(price) for name, price in prices.items()}
            running.ctl("candle", still=True, symbol="BTCUSDT", interval="1s", time=(begun + number) * 1000, **told)
        yield running


@pytest.fixture
def env() -> Mapping[str, str]:
    """The account's key is given by the environment, to the program and to the command alike."""
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return os.environ | keyring | {"DREAMSCAPE_TRADING__API_KEY": KEY, "DREAMSCAPE_TRADING__API_SECRET": SECRET}


def written(home: Path, url: str) -> None:
    """A bot of a file that buys as soon as it can."""
    for path, text in {
        "settings.toml": f'[trading]\nexchange = "binance"\napi_url = "{url}"\nplay_money = true\n',
        "strategies/trading/eager.yaml": STRATEGY,
        "processes/live.yaml": "kind: trading.live\nwith: {strategy: eager.yaml}\n",
    }.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")


@contextmanager
def running(home: Path, env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The program without its window, in a process of its own, that ends with the block whatever became of it."""
    words = [sys.executable, "-m", "app", "--home", str(home), "run", "--headless"]
    with subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def standing(exchange: Loopback) -> list[tuple[str, str, str, str]]:
    orders = exchange.ledger()["orders"]
    return [(each["clientOrderId"] == "web_by_hand", each["side"], each["type"], each["status"]) for each in orders]


def coins(exchange: Loopback) -> Decimal:
    """All BTC of the account, those under its orders too."""
    return sum((Decimal(amount) for amount in exchange.ledger()["balances"]["BTC"].values()), Decimal(0))


USERS = (True, "SELL", "LIMIT", "NEW")
BOUGHT = [USERS, (False, "BUY", "LIMIT", "FILLED"), (False, "SELL", "STOP_LOSS_LIMIT", "NEW")]
SOLD = [*BOUGHT[:2], (False, "SELL", "STOP_LOSS_LIMIT", "CANCELED"), (False, "SELL", "LIMIT", "FILLED")]


def test_a_program_that_hangs_is_ended_by_its_id_and_the_account_is_flattened_without_touching_what_is_the_users(
    exchange: Loopback, env: Mapping[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    written(home, exchange.url)
    with running(home, env) as program:
        until(lambda: standing(exchange) == BOUGHT or program.poll() is not None, PATIENCE)
        assert standing(exchange) == BOUGHT
        os.kill(program.pid, signal.SIGSTOP)
        words = [sys.executable, "-m", "app", "--home", str(home), "--json", "stop-trading"]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        assert (told["account"], told["ended"], told["remaining"]) == ("stopped", program.pid, [])
        assert program.wait(PATIENCE) != 0
    assert [each["bot"] for each in told["closed"]] == ["live"]
    assert standing(exchange) == SOLD
    dust = sum((Decimal(each["what"].split()[0]) for each in told.get("dust", [])), Decimal(0))
    assert coins(exchange) - dust == Decimal("0.5")
