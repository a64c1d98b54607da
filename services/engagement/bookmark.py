"""Where a campaign has come to: kept as the run's position, so that a restart repeats nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import msgspec

from services.engagement.days import Day, Scored
from services.engagement.network import Action

BACKLOG = 100
"""The most responses that wait to be answered."""
NEXT = "next post"
"""The reason that is no rule: the next slot has not come."""
MEMORY = 20
"""How many measured posts the engagement rate is taken over."""


@dataclass
class Draft:
    """A post as it was chosen for a slot; kept before it is published, so a restart publishes the same."""

    slot: datetime
    text: str
    hashtags: list[str]
    counted: bool = False
    """It counts against the day's cap, though nobody knows yet whether it is out."""


@dataclass
class Watched:
    """A post that waits to be measured. ``negative`` responses to it earn no reward."""

    post: str
    at: datetime
    hashtags: list[str]
    negative: int = 0


@dataclass
class Waiting:
    """A drafted reply before a person, until real time ``until`` (UTC)."""

    response: str
    text: str
    decision: str
    until: datetime


@dataclass
class Bookmark:
    """The whole of it. Times are the network's, except ``Waiting.until``."""

    due: datetime | None = None
    """The next slot; None before the first."""
    reason: str = NEXT
    """Why the campaign waits until then."""
    draft: Draft | None = None
    cursor: str = ""
    """The last response that was read."""
    backlog: list[str] = field(default_factory=list)
    """Responses that were read and not yet answered."""
    day: str = ""
    used: dict[Action, int] = field(default_factory=dict)
    """What was done on ``day``, by action."""
    told: list[str] = field(default_factory=list)
    """The campaign's own rules that were told of on ``day``: once a day is enough."""
    watched: list[Watched] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    measured: list[tuple[int, int]] = field(default_factory=list)
    """Reactions and impressions of the latest measured posts."""
    today: Day = field(default_factory=Day)
    """The day on which posts are being measured."""
    days: list[Scored] = field(default_factory=list)
    """The days before it, oldest first."""

    @classmethod
    def read(cls, position: dict[str, Any] | None) -> Self:
        """The bookmark in a stored position, or a fresh one."""
        return msgspec.convert(position or {}, cls)

    def position(self) -> dict[str, Any]:
        position: dict[str, Any] = msgspec.to_builtins(self)
        return position
