"""How posts did: read once each at a fixed age, told to the learner as rewards of their hashtags.

The posts of a day together are compared with the campaign's own days before.
"""

from datetime import datetime

from services.engagement.bookmark import MEMORY, Watched
from services.engagement.days import KEPT, Day, deviation, score, usual
from services.engagement.desk import Desk
from services.engagement.events import DayMeasured, Measured
from services.engagement.network import Reception
from services.engagement.rate import percent

FULL = 0.25
"""The weighted reactions per impression that earn the full reward."""


class Measurer:
    """Measures posts that have reached the campaign's age, and keeps the engagement rate flowing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def step(self) -> None:
        now, bookmark = self._desk.platform.now(), self._desk.bookmark
        self._turn(now)
        ripe = now - self._desk.campaign.pace.measure_after
        due = [watched for watched in bookmark.watched if watched.at <= ripe]
        self._desk.doing("measuring", len(due), "post")
        for watched in due:
            self._measure(watched, now)
        self._sample_rate()

    def _measure(self, watched: Watched, now: datetime) -> None:
        desk = self._desk
        reception = desk.platform.reception(watched.post)
        earned = reward(reception, watched.negative)
        desk.bookmark.today.rewards.append(earned)
        desk.bookmark.watched.remove(watched)
        desk.bookmark.measured = [*desk.bookmark.measured, (reception.reactions, reception.impressions)][-MEMORY:]
        measured = Measured(
            **desk.facts(now),
            post=watched.post,
            likes=reception.likes,
            replies=reception.replies,
            reposts=reception.reposts,
            impressions=reception.impressions,
            reward=earned,
        )
        arms = list(desk.campaign.hashtags)
        rewards = {tag: earned for tag in watched.hashtags if tag in arms}
        desk.learn(f"engagement.hashtags:{desk.name}", arms, rewards, measured)

    def _turn(self, now: datetime) -> None:
        """Where a day is over, tell how it was against the days before."""
        desk, day = self._desk, self._desk.allowance.day(now)
        if day <= desk.bookmark.today.day:
            return
        ended, desk.bookmark.today = desk.bookmark.today, Day(day)
        over, earlier = score(ended), desk.bookmark.days
        if over is None:
            return
        desk.bookmark.days = [*earlier, over][-KEPT:]
        desk.keep(
            DayMeasured(
                **desk.facts(now) | {"day": over.day},
                posts=len(ended.rewards),
                score=over.score,
                usual=usual(over.day, earlier),
                deviation=deviation(over, earlier),
            )
        )

    def _sample_rate(self) -> None:
        """The rate of the latest measured posts and those still watched, in percent."""
        receptions = [self._desk.platform.reception(watched.post) for watched in self._desk.bookmark.watched]
        latest = [(reception.reactions, reception.impressions) for reception in receptions]
        rate = percent([*self._desk.bookmark.measured, *latest])
        if rate is not None:
            self._desk.context.sample(f"engagement.rate:{self._desk.name}", rate)


def reward(reception: Reception, negative: int) -> float:
    """0 to 1: likes, twice the replies and three times the reposts per impression.

    Negative replies earn nothing, else outrage would win.
    """
    if reception.impressions < 1:
        return 0.0
    welcome = max(0, reception.replies - negative)
    earned = (reception.likes + 2 * welcome + 3 * reception.reposts) / reception.impressions
    return min(1.0, earned / FULL)
