"""One limiter for all who ask an exchange at an address: its weights, its pauses and its bans hold for everyone."""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.core.clock import Clock

SHARE = 0.8
"""Of an exchange's limit that is used; the rest is the user's own, who may look at the same exchange elsewhere."""
URGENT = 0.9
"""The share that orders, their cancelling and looking for them may use, so that no flood of questions holds them up."""
PATIENCE = timedelta(seconds=5)
"""A pause as long as this is waited for; a longer one is told at once."""
_MINUTE = timedelta(minutes=1)
_UNTOLD = timedelta(minutes=1)
"""How long a refusal holds that names no time."""


class TurnedAway(Exception):
    """Nothing was asked, for the exchange wants to be left alone until ``until``."""

    def __init__(self, why: str, until: datetime) -> None:
        super().__init__(f"{why} until {until:%H:%M:%S} UTC")
        self.why, self.until = why, until


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of the minute's weight is used, and since when and why nothing is asked."""

    used: int
    most: int
    until: datetime | None
    why: str


class Limiter:
    """Gives turns. Safe for any number of threads; what one of them is told holds for all."""

    def __init__(self, name: str, clock: Clock, limit: int, header: str) -> None:
        self.name = name
        self._clock, self._most, self._header = clock, math.floor(limit * SHARE), header.lower()
        self._last = math.floor(limit * URGENT)
        self._lock = threading.Lock()
        self._minute = clock.now()
        self._used = 0
        self._until: datetime | None = None
        self._why = ""

    @property
    def standing(self) -> Standing:
        """As it is now, for the page and for alerts."""
        with self._lock:
            self._pass_time()
            return Standing(self._used, self._most, self._until, self._why)

    def turn(self, weight: int, urgent: bool = False) -> None:
        """Wait until a request of this weight may go out. Raises ``TurnedAway`` where that is too far off."""
        while (pause := self._book(weight, self._last if urgent else self._most)) > timedelta(0):
            self._clock.wakeup().wait(pause.total_seconds())

    def told(self, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer: the weight used, a pause asked for, a ban."""
        plain = {name.lower(): value for name, value in headers.items()}
        with self._lock:
            self._pass_time()
            used = plain.get(self._header, "")
            if used.isdigit():
                self._used = max(self._used, int(used))
            if status in (418, 429):
                self._pause(status, plain.get("retry-after", ""))

    def _book(self, weight: int, most: int) -> timedelta:
        """How long to wait; nothing where the weight has been booked."""
        with self._lock:
            now = self._pass_time()
            if self._until is not None:
                return self._patient(self._until - now, self._why)
            if self._used and self._used + weight > most:
                self._patient(wait := self._minute + _MINUTE - now, f"{self.name}: the minute's requests are used up")
                return wait
            self._used += weight
            return timedelta(0)

    def _patient(self, wait: timedelta, why: str) -> timedelta:
        if wait > PATIENCE:
            raise TurnedAway(why, self._clock.now() + wait)
        return wait

    def _pass_time(self) -> datetime:
        now = self._clock.now()
        if not timedelta(0) <= now - self._minute < _MINUTE:
            self._minute, self._used = now.replace(second=0, microsecond=0), 0
        if self._until is not None and now >= self._until:
            self._until, self._why = None, ""
        return now

    def _pause(self, status: int, after: str) -> None:
        wait = timedelta(seconds=int(after)) if after.isdigit() else _UNTOLD
        until = self._clock.now() + wait
        banned = "has banned this address" if status == 418 else "asks to be left alone"
        if self._until is None or until > self._until:
            self._until, self._why = until, f"{self.name} {banned} ({status})"


class Limiters:
    """The limiters of the program, one for each exchange and address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Limiter] = {}

    def of(self, account: str, limit: int, header: str) -> Limiter:
        """The same one for the same name, whoever asks."""
        with self._lock:
            if account not in self._known:
                self._known[account] = Limiter(account, self._clock, limit, header)
            return self._known[account]

    def standing(self) -> dict[str, Standing]:
        with self._lock:
            known = dict(self._known)
        return {name: limiter.standing for name, limiter in known.items()}
