"""What is due when planned times went by unheeded: while the program was off, asleep or busy. Pure."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from services.orchestrator.triggers.trigger import Every, Trigger, next_time

MOST = 100
"""Catch-up runs at most, the newest; more would be a flood rather than a remedy."""


class Misfire(StrEnum):
    """What happens to starts that were missed."""

    SKIP = "skip"
    """What is later than the grace is dropped; the next regular time comes as planned."""
    ONCE = "once"
    """One run stands for all that were missed."""
    ALL = "all"
    """Each missed time is run, oldest first, at most ``MOST``."""


def due(
    planned: datetime, now: datetime, misfire: Misfire, grace: timedelta, trigger: Trigger, most: int = MOST
) -> list[datetime]:
    """The planned times that are to be run now, oldest first; empty while ``planned`` is ahead.

    ``planned`` is the next time that was on the plan. ``grace`` is how late a start still counts as on time; it
    decides for ``skip`` only. Go on planning with ``following``.
    """
    if planned > now:
        return []
    if misfire is Misfire.ALL:
        return _newest(planned, now, trigger, most)
    last = _newest(planned, now, trigger, 1)
    if misfire is Misfire.SKIP and now - last[-1] > grace:
        return []
    return last


def following(planned: datetime, now: datetime, trigger: Trigger) -> datetime | None:
    """The first planned time after ``now``, on the grid of ``planned``."""
    if planned > now:
        return planned
    return next_time(trigger, _newest(planned, now, trigger, 1)[-1])


def _newest(planned: datetime, now: datetime, trigger: Trigger, most: int) -> list[datetime]:
    """The newest planned times up to ``now``, found from the end, so that a month off costs what an hour does."""
    if isinstance(trigger, Every):
        count = math.floor((now - planned) / trigger.every)
        return [planned + trigger.every * step for step in range(max(0, count - most + 1), count + 1)]
    back = timedelta(minutes=1)
    while (start := now - back) > planned:
        found = list(takewhile(lambda time: time <= now, _after(start, trigger)))
        if len(found) >= most:
            return found[-most:]
        back *= 4
    return [planned, *takewhile(lambda time: time <= now, _after(planned, trigger))][-most:]


def _after(start: datetime, trigger: Trigger) -> Iterator[datetime]:
    time: datetime | None = start
    while time is not None and (time := next_time(trigger, time)) is not None:
        yield time
