"""Triggers: what makes a process due, as data.

``next_time`` is pure: it reads no clock. An interval is counted on the monotonic clock (``next_deadline``), so a wall
clock that is set back an hour does not silence it for that hour; calendar times follow the wall clock.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.core.durations import seconds, write_duration
from services.core.events import Recorded
from services.orchestrator.triggers.cron import next_cron
from services.orchestrator.triggers.event_match import Condition, matches


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again after a fixed time."""

    every: timedelta


@dataclass(frozen=True, slots=True)
class Cron:
    """By the calendar of a time zone (IANA name)."""

    cron: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Once:
    """At one moment (aware)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class OnEvent:
    """When an event of this name was kept that fulfils all conditions."""

    on: str
    where: tuple[Condition, ...] = ()

    def matches(self, recorded: Recorded) -> bool:
        return matches(self.on, self.where, recorded)


@dataclass(frozen=True, slots=True)
class OnFiles:
    """When files that fit one of the patterns changed and nothing more happened for ``debounce``."""

    files: tuple[str, ...]
    debounce: timedelta = seconds(0.5)
    ignored: frozenset[str] = frozenset()
    """Names of folders whose changes do not count, beside those that never do."""


Trigger = Every | Cron | Once | OnEvent | OnFiles


def next_time(trigger: Trigger, after: datetime) -> datetime | None:
    """The first time strictly after ``after`` (aware) at which the trigger fires; None where no time says so.

    For an interval ``after`` is its last planned time, which anchors it.
    """
    match trigger:
        case Every(every):
            return after + every
        case Cron(cron, zone):
            return next_cron(cron, zone, after)
        case Once(at):
            return at if at > after else None
        case _:
            return None


def next_deadline(trigger: Every, planned: float, now: float) -> float:
    """The next monotonic time after ``now`` on the grid that ``planned`` (monotonic seconds) anchors."""
    every = trigger.every.total_seconds()
    following = planned + every * max(1, math.floor((now - planned) / every) + 1)
    return following if following > now else following + every


def first_wait(trigger: Every, planned: datetime | None, now: datetime) -> timedelta:
    """How long an interval waits after a start of the program, when ``planned`` is its next time on disk.

    Never longer than one interval, whatever happened to the wall clock meanwhile; negative when it is overdue.
    """
    if planned is None:
        return trigger.every
    return min(planned - now, trigger.every)


def describe(trigger: Trigger) -> str:
    """One line for a person; also the trigger's name on disk, so two triggers that read alike are the same."""
    match trigger:
        case Every(every):
            return f"every {write_duration(every)}"
        case Cron(cron, zone):
            return f"cron {cron}" if zone == "UTC" else f"cron {cron} ({zone})"
        case Once(at):
            return f"at {at.isoformat()}"
        case OnEvent(on, where):
            return " ".join([f"on {on}", *(f"{each.field}{each.comparison}{each.value}" for each in where)])
        case OnFiles(files):
            return f"files {', '.join(files)}"
