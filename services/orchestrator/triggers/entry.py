"""One entry of ``schedule:`` in a user's file, checked key by key, and turned into a trigger."""

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, model_validator

from services.core.durations import seconds, write_duration
from services.core.yamlfile import Document
from services.orchestrator.triggers.cron import check_cron
from services.orchestrator.triggers.duration_text import Duration
from services.orchestrator.triggers.event_match import Condition, Scalar
from services.orchestrator.triggers.trigger import Cron, Every, Once, OnEvent, OnFiles, Trigger

SHORTEST = seconds(1)
"""Of an interval; what is wanted more often is one process that goes on."""
_KINDS = ("every", "cron", "at", "on", "files")
_COMPANIONS = {"zone": ("cron", "at"), "where": ("on",), "debounce": ("files",)}


def _interval(given: timedelta) -> timedelta:
    if given < SHORTEST:
        raise ValueError(
            f"{write_duration(given)} is too short for a schedule; {write_duration(SHORTEST)} is the least"
        )
    return given


def _cron(given: str) -> str:
    check_cron(given)
    return given


def _zone(given: str) -> str:
    zones = available_timezones()
    if given not in zones:
        near = get_close_matches(given, zones, 1)
        raise ValueError(f"{given!r} is no time zone" + (f"; did you mean {near[0]!r}?" if near else ", such as 'UTC'"))
    return given


def _condition(given: Scalar) -> Scalar:
    Condition.parse("", given)
    return given


class TriggerEntry(Document):
    """Exactly one of ``every``, ``cron``, ``at``, ``on`` and ``files``, and what goes with it."""

    every: Annotated[Duration, AfterValidator(_interval)] | None = None
    cron: Annotated[str, AfterValidator(_cron)] | None = Field(default=None, examples=["30 9 * * 1-5"])
    at: datetime | None = None
    zone: Annotated[str, AfterValidator(_zone)] | None = Field(default=None, examples=["Europe/Berlin"])
    """IANA name for ``cron`` and for an ``at`` without an offset; UTC unless told otherwise."""
    on: str | None = Field(default=None, examples=["run.ended"])
    where: dict[str, Annotated[Scalar, AfterValidator(_condition)]] | None = None
    files: str | tuple[str, ...] | None = Field(default=None, examples=["inbox/*.csv"])
    debounce: Duration | None = None

    @model_validator(mode="after")
    def _one_of_a_kind(self) -> Self:
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"a trigger has one of {', '.join(_KINDS)}; here is {found}")
        for companion, kinds in _COMPANIONS.items():
            if getattr(self, companion) is not None and given[0] not in kinds:
                raise ValueError(f"{companion} goes with {' or '.join(kinds)}, not with {given[0]}")
        return self

    def trigger(self) -> Trigger:
        """The trigger that this entry describes."""
        zone = self.zone or "UTC"
        if self.every is not None:
            return Every(self.every)
        if self.cron is not None:
            return Cron(self.cron, zone)
        if self.at is not None:
            aware = self.at if self.at.tzinfo else self.at.replace(tzinfo=ZoneInfo(zone))
            return Once(aware.astimezone(UTC))
        if self.on is not None:
            return OnEvent(self.on, tuple(Condition.parse(name, text) for name, text in (self.where or {}).items()))
        files = (self.files,) if isinstance(self.files, str) else self.files or ()
        return OnFiles(files) if self.debounce is None else OnFiles(files, self.debounce)

    @classmethod
    def of(cls, trigger: Trigger) -> "TriggerEntry":
        """The entry that describes ``trigger``."""
        match trigger:
            case Every(every):
                return cls(every=every)
            case Cron(cron, zone):
                return cls(cron=cron, zone=None if zone == "UTC" else zone)
            case Once(at):
                return cls(at=at)
            case OnEvent(on, where):
                return cls(on=on, where={each.field: each.written for each in where} or None)
            case OnFiles(files, debounce):
                return cls(files=files, debounce=debounce)
