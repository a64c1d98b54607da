"""A campaign as the user writes it in ``strategies/engagement/*.yaml``; a new campaign needs no code."""

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from services.core.durations import parse_duration
from services.core.spelled import Spelled
from services.core.yamlfile import Document, load_model
from services.engagement.hours import Hours, parse_hours
from services.engagement.network import TEXT_LIMIT, Action


def _duration(written: object) -> timedelta:
    if not isinstance(written, str):
        raise ValueError(f"{written!r} is no duration; write a number and a unit, such as 90s, 45m or 24h")
    return parse_duration(written)


def _hours(written: object) -> Hours:
    return parse_hours(written if isinstance(written, str) else repr(written))


def _zone(written: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(written))
    except (LookupError, ValueError, OSError) as error:
        raise ValueError(f"{written!r} is no time zone; write one such as UTC or Europe/Berlin") from error


Span = Annotated[timedelta, BeforeValidator(_duration, json_schema_input_type=str)]
Hashtag = Annotated[str, Spelled(r"^\w{1,50}$", "1 to 50 letters, digits and underscores, without the #")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LIMIT)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1, max_length=200)]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Approve(StrEnum):
    """Who lets a reply out."""

    PERSON = "person"
    AUTO = "auto"
    """Alone, except to negative responses, which always wait for a person."""


class Caps(Document):
    """The most that a campaign does in one of its days. 0 forbids."""

    post: int = Field(default=6, ge=0, le=24)
    reply: int = Field(default=12, ge=0, le=100)
    like: int = Field(default=20, ge=0, le=200)


class Pace(Document):
    """How often a campaign posts and reads, and how old a post is when its reception is measured."""

    every: Span = Field(default=timedelta(minutes=90), ge=timedelta(minutes=1))
    jitter: Span = Field(default=timedelta(minutes=15), ge=timedelta(0))
    read: Span = Field(default=timedelta(minutes=5), ge=timedelta(seconds=1))
    measure_after: Span = Field(default=timedelta(hours=2), ge=timedelta(minutes=1))

    @field_validator("jitter")
    @classmethod
    def _smaller(cls, jitter: timedelta, others: ValidationInfo) -> timedelta:
        if "every" in others.data and jitter > others.data["every"] / 2:
            raise ValueError("the jitter is more than half of every; slots would run into each other")
        return jitter


class Comments(Document):
    """What replies are drafted from, by the tone of what is answered. ``{author}`` is who wrote it."""

    positive: Texts
    neutral: Texts
    negative: Texts

    @field_validator("positive", "neutral", "negative")
    @classmethod
    def _known_words(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            _require_words(text, {"author"})
        return texts


class Replies(Document):
    """Whom to answer, and who lets the answer out."""

    to: Literal["who engaged first"] = "who engaged first"
    approve: Approve = Approve.PERSON
    waiting: int = Field(default=4, ge=1, le=9, description="the most drafts that wait for a person")
    expires: Span = Field(default=timedelta(hours=24), ge=timedelta(minutes=1))
    comments: Comments


class Campaign(Document):
    """One campaign on one platform. Durations and hours are in the platform's own time."""

    campaign: Annotated[str, Spelled(r"^[a-z0-9][a-z0-9-]{0,39}$", "small letters, digits and dashes, 40 at most")] = (
        Field(examples=["my-campaign"])
    )
    platform: Literal["sandbox"]
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone, json_schema_input_type=str)] = Field(default=ZoneInfo("UTC"))
    hours: Annotated[Hours, BeforeValidator(_hours, json_schema_input_type=str)] = Field(
        default=Hours(), examples=["08:00-22:00"]
    )
    actions: tuple[Action, ...] = Field(default=(Action.POST, Action.REPLY, Action.LIKE), min_length=1)
    caps: Caps = Caps()
    pace: Pace = Pace()
    hashtags: dict[Hashtag, Annotated[float, Field(gt=0, le=100)]] = Field(min_length=1, max_length=50)
    hashtags_per_post: int = Field(default=2, ge=1, le=5)
    words: dict[str, Texts] = Field(default_factory=dict, max_length=50)
    posts: Texts
    replies: Replies

    @field_validator("posts")
    @classmethod
    def _publishable(cls, posts: tuple[str, ...], others: ValidationInfo) -> tuple[str, ...]:
        words: dict[str, tuple[str, ...]] = others.data.get("words", {})
        tags = sorted((len(tag) + 2 for tag in others.data.get("hashtags", {})), reverse=True)
        room = TEXT_LIMIT - sum(tags[: others.data.get("hashtags_per_post", 0)])
        for post in posts:
            _require_words(post, set(words))
            longest = PLACEHOLDER.sub(lambda found: max(words[found[1]], key=len), post)
            if len(longest) > room:
                raise ValueError(f"{post!r} can be {len(longest)} characters; with its hashtags {room} fit")
        return posts


def load_campaign(path: Path) -> Campaign:
    """Read one file; raises ``UserError`` with the place of each mistake."""
    return load_model(path, Campaign)


def _require_words(text: str, words: set[str]) -> None:
    for name in PLACEHOLDER.findall(text):
        if name not in words:
            known = ", ".join(sorted(words)) or "none"
            raise ValueError(f"{text!r} asks for {{{name}}}, and no such word is given; there are: {known}")
