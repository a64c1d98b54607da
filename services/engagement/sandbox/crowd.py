"""The made crowd: personas with interests, waking hours and a temperament, and how they react to us.

Everything is drawn from the network's seed and the act's mark, so the same act always meets the same reaction.
Nobody here stands for a real account; all handles begin with ``sandbox-``.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from services.engagement.sandbox.voices import speak

_PLANTS = (
    "fern moss reed sage thyme clover nettle willow alder birch cedar hazel larch maple rowan sorrel "
    "tansy vetch yarrow bracken heather juniper lichen teasel"
)
HANDLES = tuple(f"sandbox-{plant}" for plant in _PLANTS.split())
OURS = "sandbox-you"
_HASHTAG = re.compile(r"#(\w+)")
_ASLEEP = 0.2
"""How much of a persona's attention is left outside of its waking hours."""


@dataclass(frozen=True)
class Reaction:
    """Comes ``delay`` seconds after the act; ``lasts`` seconds until its author deletes it, if ever."""

    kind: str
    author: str
    delay: float
    text: str = ""
    lasts: float | None = None


@dataclass(frozen=True)
class Post:
    """What the crowd sees of a post: its tags, its hour, and its tone (-1 to 1)."""

    mark: str
    at: datetime
    text: str
    tone: float

    @property
    def tags(self) -> list[str]:
        return [tag.casefold() for tag in _HASHTAG.findall(self.text)]


@dataclass(frozen=True)
class Crowd:
    """All personas of the network that was made with ``seed``."""

    seed: int

    def views(self, post: Post) -> int:
        """How many will have seen the post in the end."""
        interest = [self._attention(handle, post) for handle in HANDLES]
        return round(60 + 26 * sum(interest) * self._dice(post.mark, "views").uniform(0.8, 1.2))

    def on_post(self, post: Post) -> list[Reaction]:
        """The reactions to a post of ours."""
        return list(chain.from_iterable(self._of_persona(handle, post) for handle in HANDLES))

    def on_reply(self, author: str, post: Post) -> list[Reaction]:
        """How ``author`` takes our reply: a friendly one is liked, and more often answered."""
        dice = self._dice(post.mark, author)
        reactions = []
        if dice.random() < 0.4 + 0.4 * post.tone:
            reactions.append(Reaction("like", author, dice.uniform(60, 3600)))
        if dice.random() < 0.25:
            reactions.append(self._words("reply", author, post, dice))
        return reactions

    def _of_persona(self, handle: str, post: Post) -> Iterator[Reaction]:
        dice = self._dice(post.mark, handle)
        attention = self._attention(handle, post) * (1 + 0.5 * post.tone)
        if dice.random() < 0.45 * attention:
            yield Reaction("like", handle, self._delay(dice))
        if dice.random() < 0.08 * attention:
            yield Reaction("repost", handle, self._delay(dice))
        if dice.random() < 0.28 * attention:
            yield self._words("reply", handle, post, dice)
        elif dice.random() < 0.02:
            yield self._words("mention", handle, post, dice)

    def _attention(self, handle: str, post: Post) -> float:
        """0 to 1: how much a persona cares for the post's hashtags, less while it sleeps."""
        interests = [self._interest(handle, tag) for tag in post.tags] or [0.1]
        # The second hashtag adds a little reach; the best one carries the post.
        interest = 0.8 * max(interests) + 0.2 * sum(interests) / len(interests)
        return interest * (1.0 if self._awake(handle, post.at) else _ASLEEP)

    def _interest(self, handle: str, tag: str) -> float:
        popular = self._dice("popular", tag).uniform(0.15, 1.0)
        return popular * float(self._dice(handle, tag).random() ** 0.7)

    def _awake(self, handle: str, at: datetime) -> bool:
        dice = self._dice(handle, "waking")
        begins, hours = dice.randint(6, 11), dice.randint(9, 15)
        return (at.hour - begins) % 24 < hours

    def _words(self, kind: str, handle: str, post: Post, dice: random.Random) -> Reaction:
        temper = self._dice(handle, "temper").uniform(-0.35, 0.35)
        leaning = 0.45 + 0.3 * post.tone + temper
        roll = dice.random()
        mood = "positive" if roll < leaning else "neutral" if roll < leaning + 0.35 else "negative"
        text = speak(mood, post.tags[0] if post.tags else "", dice)
        text = f"@{OURS} {text}" if kind == "mention" else text
        lasts = dice.uniform(3600, 36000) if dice.random() < 0.04 else None
        return Reaction(kind, handle, self._delay(dice), text, lasts)

    def _delay(self, dice: random.Random) -> float:
        """Most within the hour, nearly all within a day."""
        return min(86400.0, 30.0 + dice.expovariate(1 / 2400))

    def _dice(self, *cause: str) -> random.Random:
        return random.Random(f"{self.seed}:{':'.join(cause)}")
