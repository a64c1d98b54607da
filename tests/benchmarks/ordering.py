"""The account's side of ``bench_orders``, in a process of its own: each order leaves the real desk when it is due.

    ordering.py PORT FOLDER

Each line on standard input is how many orders a block has; the answer is one line of JSON: for each order the
milliseconds from the moment at which it was due to the moment at which its request went into the socket, and the
processor's share of them.

An order is a wish as a strategy's, taken on by the desk and sent in its next round: the guards, the book asked for, the
intent on disk, the signature. It rests far below the price and is taken out again before the next one is due.
"""

import gc
import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from measuring import ROOT  # noqa: F401  puts the house on the path

from services.core.clock import SystemClock
from services.trading.desk.desk import Desk, Opening
from services.trading.desk.entering import Enter
from services.trading.desk.ledger import Ledger
from services.trading.desk.limits import Limits
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiter, Limiters
from tests.support.exchange.loopback import KEY, SECRET, Remote

BOT, MARKET, ID = "bench", "BTC/USDT", "BTCUSDT"
WARM = 20
"""Orders of each block that are not counted, or as many as count: connection and ledger are new in each."""
AHEAD = 0.012
"""Seconds by which an order is due after the one before it has been tidied away, as a strategy waits for its bar."""
PLENTY = 1_000_000_000
ROUNDS = 20


class Roomy(Limiters):
    """The exchange's weights would let a fifth of a block through in a minute."""

    def of(self, name: str, limit: int, header: str) -> Limiter:
        return super().of(name, PLENTY, header)


class Watch:
    """Notes when an order's request goes into the socket. The interpreter tells it of every one that does."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, float]] = []
        sys.addaudithook(self._told)

    def _told(self, event: str, given: tuple[Any, ...]) -> None:
        if event == "http.client.send" and bytes(given[1][:18]) == b"POST /api/v3/order":
            self.sent.append((time.perf_counter(), time.thread_time()))


class Floor:
    """The exchange as new, and a fresh desk with a fresh ledger: a hundredth block finds what the first one found."""

    def __init__(self, port: int, ledger: Path) -> None:
        exchange, clock = Remote(port), SystemClock()
        exchange.ctl("reset")
        exchange.ctl("weights", most=PLENTY)
        exchange.ctl("balance", USDT="1000000")
        exchange.ctl("price", symbol=ID, price="50000")
        self._clock = clock
        venue = CcxtVenue(Access("binance", exchange.url, KEY, SECRET), clock, Roomy(clock))
        limits = Limits(orders_per_bot=PLENTY, orders_per_account=PLENTY)
        self._ledger = Ledger(ledger)
        self.desk = Desk(venue, self._ledger, clock, Opening("0123abcd", limits, (MARKET,)))
        self.desk.round()
        self.desk.allot(BOT, "USDT", Decimal(100_000))

    def order(self, number: int, watch: Watch) -> tuple[float, float]:
        """One order; returns how late it left, and the processor's share of that, in ms."""
        wish = Enter(
            BOT, MARKET, f"bar {number}", Decimal(500), Decimal(40_000), offset=Decimal("0.05"), reprice_after=3_600.0
        )
        watch.sent.clear()
        due = time.perf_counter() + AHEAD
        self._clock.wakeup().wait(due - time.perf_counter())
        used = time.thread_time()
        self.desk.enter(wish)
        self.desk.round()
        if len(watch.sent) != 1:
            raise SystemExit(f"{len(watch.sent)} orders were sent, and one was due")
        ((sent, then),) = watch.sent
        self._tidy(f"after bar {number}")
        return 1000 * (sent - due), 1000 * (then - used)

    def close(self) -> None:
        self._ledger.close()

    def _tidy(self, cause: str) -> None:
        """Take it out of the book."""
        self.desk.leave(BOT, MARKET, cause, "the next one is due")
        for _ in range(ROUNDS):
            if not self.desk.book.open_orders():
                return
            self.desk.round()
        raise SystemExit("an order stays in the book")


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    watch = Watch()
    for block, line in enumerate(sys.stdin):
        floor = Floor(port, folder / f"{block}.db")
        count = int(line)
        for number in range(min(WARM, count)):
            floor.order(-number - 1, watch)
        gc.collect()
        gc.freeze()
        taken = [floor.order(number, watch) for number in range(count)]
        floor.close()
        told = {"late": [each for each, _ in taken], "processor": [each for _, each in taken]}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
