"""A clock that skips ahead, and takes the exchange's with it: deadlines pass without waiting."""

import time
from datetime import UTC, datetime, timedelta

from services.core.clock import SystemClock
from tests.support.exchange.loopback import Remote


class SkippingClock(SystemClock):
    """The machine's clock, so many seconds ahead."""

    def __init__(self, exchange: Remote) -> None:
        self._exchange = exchange
        self._ahead = exchange.ctl("clock")["now"] / 1000 - time.time()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    def skip(self, seconds: float) -> None:
        self._ahead += seconds
        self._exchange.ctl("clock", ahead=round(self._ahead * 1000))
