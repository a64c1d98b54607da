"""The port to a social network: what a campaign may do there, what comes back, and how a rule says no.

All that is read from a network is text from outside: it is data, cleaned of control characters and bounded in
length here, before anything else of the program sees it.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

TEXT_LIMIT = 300
"""The longest text, in characters, that is published or kept of somebody else's."""
HANDLE_LIMIT = 64


class Action(StrEnum):
    """What a campaign does on a network."""

    POST = "post"
    REPLY = "reply"
    LIKE = "like"


@dataclass(frozen=True)
class Own:
    """Something that we did on the network, found again by its idempotency mark."""

    id: str
    action: Action
    at: datetime
    mark: str
    text: str
    target: str = ""
    """The response that a reply or like is about."""
    deleted: bool = False


@dataclass(frozen=True)
class Response:
    """What somebody wrote to us. ``post`` is our post or reply that it answers, empty for a bare mention."""

    id: str
    at: datetime
    author: str
    text: str
    post: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "author", bounded(self.author, HANDLE_LIMIT))
        object.__setattr__(self, "text", bounded(self.text, TEXT_LIMIT))


@dataclass(frozen=True)
class Reception:
    """How a post was received so far."""

    likes: int
    replies: int
    reposts: int
    impressions: int

    @property
    def reactions(self) -> int:
        return self.likes + self.replies + self.reposts


class RuleRefusal(Exception):
    """A rule of the network says no. ``resets`` (time of the network) is when the same would be let through."""

    def __init__(self, rule: str, why: str, resets: datetime | None = None) -> None:
        super().__init__(f"{rule}: {why}")
        self.rule = rule
        self.why = why
        self.resets = resets


class Platform(Protocol):
    """One network with one account of ours. Acting calls raise ``RuleRefusal`` when it certainly did not happen.

    ``mark`` makes an act idempotent: the same mark again returns what it did the first time.
    """

    @property
    def name(self) -> str:
        """How the network is called wherever it is shown; a simulated one says so."""
        ...

    @property
    def simulated(self) -> bool: ...

    @property
    def time_label(self) -> str:
        """What is put behind a time of this network; empty where it is the real time."""
        ...

    @property
    def settling(self) -> timedelta:
        """How long an act may still arrive after its call was given up, its time-out included."""
        ...

    def now(self) -> datetime:
        """The network's own time, in UTC."""
        ...

    def real_seconds(self, span: timedelta) -> float:
        """How many real seconds pass while ``span`` passes on the network."""
        ...

    def post(self, text: str, mark: str) -> Own: ...

    def reply(self, target: str, text: str, mark: str) -> Own: ...

    def like(self, target: str, mark: str) -> Own: ...

    def delete(self, own: str) -> None:
        """Take back one of our posts or replies."""
        ...

    def find(self, mark: str) -> Own | None:
        """What was done under this mark, deleted or not."""
        ...

    def check(self, action: Action, text: str = "", target: str = "") -> RuleRefusal | None:
        """The rule that would refuse this act now, or None. Never acts."""
        ...

    def responses(self, after: str, limit: int) -> list[Response]:
        """What was written to us after the response ``after`` (all, if empty), oldest first."""
        ...

    def response(self, response: str) -> Response | None:
        """One response, or None when it is gone."""
        ...

    def reception(self, post: str) -> Reception: ...


def bounded(text: str, limit: int) -> str:
    """Fold white space, drop control characters, and cut what is longer than ``limit`` characters."""
    plain = "".join(" " if mark.isspace() else mark for mark in text[: 4 * limit])
    plain = "".join(mark for mark in plain if unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    plain = " ".join(plain.split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"
