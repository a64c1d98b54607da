"""The program's side of ``bench_orders``, in a process of its own: each order leaves the whole program when it is due.

    ordering.py PORT FOLDER

Each line on standard input is how many orders a block has; the answer is one line of JSON: for each order the
milliseconds from the moment at which it was due to the moment at which its request went into the socket.

It is the real program without a window, and a bot of its own: at the due time the bot acts as a live strategy does.
The intent goes into the journal, the wish through the door to the account's thread, past the guards and the order book,
into the account's ledger, is signed and sent. It rests far below the price and is taken out again before the next one
is due. What a strategy does before, reading its bar, is left out; so are the exchange's own limits of requests, which
would let a fifth of a block through in a minute.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from measuring import ROOT  # noqa: F401  puts the house on the path

from app.paths import Home
from app.program import Program
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.orchestrator.definitions.plan import Plan
from services.trading.desk.asking import EnterPosition, LeavePosition
from services.trading.desk.desk import Desk
from services.trading.desk.door import Door
from services.trading.venue.limiter import Limiter, Limiters
from tests.support.exchange.loopback import KEY, SECRET, Remote

BOT, MARKET, ID = "bench", "BTC/USDT", "BTCUSDT"
WARM = 20
"""Orders of each block that are not counted, or as many as count: connection and ledger are new in each."""
AHEAD = 0.012
"""Seconds by which an order is due after the one before it has been tidied away, as a strategy waits for its bar."""
PLENTY = 1_000_000_000
PATIENCE = 60.0
"""Seconds for the account to be reconciled, and for an order to be out of the book."""
SETTINGS = "DREAMSCAPE_TRADING__"


def without_limits(limiters: Limiters, account: str, _limit: int, header: str) -> Limiter:
    return given(limiters, account, PLENTY, header)


given = Limiters.of


class Watch:
    """Notes when an order's request goes into the socket. The interpreter tells it of every one that does."""

    def __init__(self) -> None:
        self.sent: list[float] = []
        sys.addaudithook(self._told)

    def _told(self, event: str, given: tuple[Any, ...]) -> None:
        if event == "http.client.send" and bytes(given[1][:18]) == b"POST /api/v3/order":
            self.sent.append(time.perf_counter())


@dataclass
class Bot(Process):
    """Buys when it is due, and takes it back."""

    service = "trading"
    isolation = Isolation.THREAD
    heartbeat = timedelta(seconds=60)

    door: Door
    watch: Watch
    count: int
    told: "SimpleQueue[list[float] | BaseException]" = field(default_factory=SimpleQueue)

    def run(self, context: Context) -> None:
        try:
            self._until(context, lambda desk: desk.reconciled)
            for number in range(min(WARM, self.count)):
                self._order(context, f"warm {number}")
            gc.collect()
            gc.freeze()
            self.told.put([self._order(context, f"bar {number}") for number in range(self.count)])
        except BaseException as error:
            self.told.put(error)
            raise

    def _order(self, context: Context, cause: str) -> float:
        """One order; returns how many ms late it left."""
        until = context.clock.now() + timedelta(minutes=1)
        wish = EnterPosition(
            BOT, MARKET, cause, Decimal(100_000), Decimal(500), Decimal(40_000), until, offset=Decimal("0.05"),
            reprice_after=3_600.0,
        )  # fmt: skip
        self.watch.sent.clear()
        due = time.perf_counter() + AHEAD
        context.clock.wakeup().wait(due - time.perf_counter())
        if not context.act(wish, {"bar": cause}).done:
            raise SystemExit(f"{cause} was not taken on")
        self._until(context, lambda _desk: bool(self.watch.sent))
        (sent,) = self.watch.sent
        context.act(LeavePosition(BOT, MARKET, cause, "the next one is due"), {"bar": cause})
        self._until(context, lambda desk: not desk.book.open_orders())
        return 1000 * (sent - due)

    def _until(self, context: Context, so: Callable[[Desk], bool]) -> None:
        """Wait until it is so. The account's thread is asked, and so goes on by a round each time."""
        over = time.perf_counter() + PATIENCE
        while not (self.door.open and self.door.ask(so)):
            if time.perf_counter() > over:
                raise SystemExit("the account does not get on")
            context.wait(0.001, "the account")


@contextmanager
def program(port: int, folder: Path) -> Iterator[Program]:
    """A new home, with nothing in it but the account."""
    exchange = Remote(port)
    exchange.ctl("reset")
    exchange.ctl("weights", most=PLENTY)
    exchange.ctl("balance", USDT="1000000")
    exchange.ctl("price", symbol=ID, price="50000")
    account = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET, "PLAY_MONEY": "1"}
    roomy = {"GUARDS__ORDERS_PER_BOT": "10000", "GUARDS__ORDERS_PER_ACCOUNT": "10000"}
    env = {f"{SETTINGS}{name}": value for name, value in (account | roomy).items()}
    running = Program(Home(folder, "bench"), env, safe_mode=True)
    running.run_steps()
    try:
        yield running
    finally:
        running.close()


def block(running: Program, watch: Watch, count: int) -> list[float]:
    """How late each of so many orders left."""
    assert running.door is not None
    orchestrator = running.engine.orchestrator
    bot = Bot(running.door, watch, count)
    plan = Plan(BOT, f"object:{BOT}", "trading", isolation=Isolation.THREAD, heartbeat=Bot.heartbeat, always=True)
    orchestrator.supervisor.launcher.prepared[plan.path] = bot
    running.engine.ask(lambda: orchestrator.begin(orchestrator.define(plan)))
    told = bot.told.get()
    if isinstance(told, BaseException):
        raise told
    return told


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    watch = Watch()
    Limiters.of = without_limits  # type: ignore[method-assign]
    for number, line in enumerate(sys.stdin):
        with program(port, folder / f"home {number}") as running:
            told = {"late": block(running, watch, int(line))}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
