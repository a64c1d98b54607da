"""The exchange's clock: ours, and by how much the exchange is ahead of it, measured now and then."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.core.clock import Clock

HOLDS = timedelta(minutes=10)
"""How long a measured offset holds."""
AGAIN = timedelta(minutes=1)
"""How soon it is tried again where it could not be measured."""
QUICK = timedelta(milliseconds=200)
"""A measurement is off by at most half of how long it took; a slower one is made again."""
_TRIES = 3


class ExchangeClock:
    """Safe where one thread measures and others read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = timedelta(0)
        self._due: float | None = None

    @property
    def offset(self) -> timedelta:
        return self._offset

    @property
    def measured(self) -> bool:
        """Whether it has ever been."""
        return self._due is not None

    @property
    def due(self) -> bool:
        """Whether it should be measured before it is relied on."""
        return self._due is None or self._clock.monotonic() >= self._due

    def now(self) -> datetime:
        return self._clock.now() + self._offset

    def expire(self) -> None:
        """The exchange has found our time wrong."""
        if self._due is not None:
            self._due = self._clock.monotonic()

    def postpone(self) -> None:
        """It could not be measured: what was known holds a little longer."""
        self._due = self._clock.monotonic() + AGAIN.total_seconds()

    def measure(self, ask: Callable[[], datetime]) -> timedelta:
        """Against the middle of the quickest of a few ways there and back; raises what ``ask`` raises."""
        tries = [self._tried(ask)]
        while tries[-1][0] > QUICK and len(tries) < _TRIES:
            tries.append(self._tried(ask))
        self._offset = min(tries)[1]
        self._due = self._clock.monotonic() + HOLDS.total_seconds()
        return self._offset

    def _tried(self, ask: Callable[[], datetime]) -> tuple[timedelta, timedelta]:
        sent = self._clock.now()
        told = ask()
        took = self._clock.now() - sent
        return took, told - (sent + took / 2)
