"""When a run that failed is tried again: full jitter, restart intensity, and a circuit that half opens. Pure.

Full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015) keeps processes that failed
together from coming back together. Intensity within a period is Erlang/OTP's supervisor rule, here per process and
over all. Times are monotonic seconds.
"""

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from services.core.durations import minutes
from services.core.process import Restart
from services.core.words import counted

HEALTHY_BEATS = 10
HEALTHY_SECONDS = 60.0


@dataclass(frozen=True)
class Intensity:
    """At most ``at_most`` restarts within ``within``."""

    at_most: int = 6
    within: timedelta = minutes(10)


@dataclass(frozen=True)
class History:
    """What restarts there were, for one process or over all."""

    restarts: tuple[float, ...] = ()
    """When, oldest first; what is older than the window is dropped."""
    failures: int = 0
    """Failures in a row, without health between: the exponent of the backoff."""
    open: bool = False
    """The circuit is open: only half-open tries until a run has been healthy."""

    def count(self, now: float, within: timedelta) -> int:
        """Restarts in the window that ends now."""
        return sum(1 for at in self.restarts if now - at < within.total_seconds())

    def restarted(self, now: float, within: timedelta) -> "History":
        """With one restart more."""
        kept = tuple(at for at in self.restarts if now - at < within.total_seconds())
        return replace(self, restarts=(*kept, now), failures=self.failures + 1)

    def healthy(self) -> "History":
        """After a run that was healthy for ``healthy_after``: the backoff starts anew and the circuit closes."""
        return replace(self, failures=0, open=False)


@dataclass(frozen=True)
class Retry:
    """Try again after ``wait`` seconds."""

    wait: float


@dataclass(frozen=True)
class Open:
    """Too many restarts: FAILED, tell a person, and try once after ``wait`` seconds."""

    wait: float
    because: str


def backoff(policy: Restart, failures: int, rng: Random) -> float:
    """Seconds to wait after so many failures in a row: uniform from 0 to ``min(cap, first * factor**failures)``."""
    return rng.uniform(0.0, ceiling(policy, failures))


def ceiling(policy: Restart, failures: int) -> float:
    """The longest that ``backoff`` may draw, in seconds."""
    first, cap = policy.first.total_seconds(), policy.cap.total_seconds()
    if first <= 0:
        return 0.0
    # In logarithms, since factor**failures overflows long before a patient machine gives up.
    if failures * math.log(policy.factor) >= math.log(max(cap, 1e-9) / first):
        return cap
    return min(cap, first * policy.factor**failures)


def after_failure(
    own: History, everyone: History, policy: Restart, overall: Intensity, now: float, rng: Random
) -> tuple[History, Retry | Open]:
    """What follows a failure: the process's history as it is now, and when to try again.

    The caller counts the restart itself with ``History.restarted`` once it happens, for both histories.
    """
    reason = _too_many(own, policy.at_most, policy.within, now, "")
    reason = reason or _too_many(everyone, overall.at_most, overall.within, now, " of all processes together")
    if own.open:
        reason = "the one try while the circuit was open failed as well"
    if reason:
        return replace(own, open=True), Open(policy.half_open.total_seconds(), reason)
    return own, Retry(backoff(policy, own.failures, rng))


def healthy_after(heartbeat: timedelta) -> float:
    """Seconds that a run must live before its earlier failures are forgotten: a minute, or ten beats."""
    return max(HEALTHY_SECONDS, HEALTHY_BEATS * heartbeat.total_seconds())


def _too_many(history: History, at_most: int, within: timedelta, now: float, whose: str) -> str:
    count = history.count(now, within)
    if count < at_most:
        return ""
    allowed = "as many as are allowed" if count == at_most else f"and {counted(at_most, 'is', 'are')} allowed"
    return f"{counted(count, 'restart')}{whose} within {within.total_seconds() / 60:g} min, {allowed}"
