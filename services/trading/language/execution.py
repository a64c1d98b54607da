"""How an entry is sent: at market, or at a limit that is priced anew and at last sent at market or given up."""

import math
from datetime import timedelta
from typing import Literal

from pydantic import Field, field_validator, model_validator

from services.core.durations import parse_duration
from services.core.yamlfile import Document


class Offset(Document):
    """How far in our favour a limit lies from the price it is placed at: below it to buy, above it to sell."""

    ticks: int = Field(default=0, ge=0, le=1_000_000)
    percent: float = Field(default=0.0, ge=0, lt=100)

    @model_validator(mode="after")
    def _one_of_them(self) -> "Offset":
        if self.ticks and self.percent:
            raise ValueError("ticks and percent are two ways to say it; write one of them")
        return self


class Limit(Document):
    """A limit order that is priced anew each ``reprice_after``, so many ``times``, and ``then`` no more."""

    offset: Offset = Offset()
    reprice_after: str | None = Field(default=None, description="a bar unless said", examples=["15m"])
    times: int = Field(default=0, ge=0, le=10_000)
    then: Literal["market", "give up"] = "give up"

    @field_validator("reprice_after")
    @classmethod
    def _a_time(cls, reprice_after: str | None) -> str | None:
        if reprice_after is not None and parse_duration(reprice_after) <= timedelta(0):
            raise ValueError(f"{reprice_after!r} is no time at all; write a bar or more")
        return reprice_after

    def patience(self, bar: timedelta) -> timedelta:
        """How long it rests at one price."""
        return parse_duration(self.reprice_after) if self.reprice_after is not None else bar

    def bars(self, bar: timedelta) -> int:
        """The same in bars, begun ones counted whole: on bars nothing is decided but at their closes."""
        return math.ceil(self.patience(bar) / bar)


class LimitExecution(Document):
    """Entries at a limit; exits are at market, but for a target."""

    limit: Limit
