"""What the parts of a running campaign share: the campaign, its network, its bookmark, and how they report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.core.effects import Outcome
from services.core.events import Event
from services.core.process.context import Context
from services.engagement.allowance import Allowance
from services.engagement.bookmark import Bookmark
from services.engagement.campaign import Campaign
from services.engagement.events import ActionRefused
from services.engagement.network import Action, Platform


@dataclass
class Desk:
    """One running campaign."""

    campaign: Campaign
    platform: Platform
    context: Context
    bookmark: Bookmark
    allowance: Allowance = field(init=False)

    def __post_init__(self) -> None:
        self.allowance = Allowance(self.campaign, self.bookmark)

    @property
    def name(self) -> str:
        return self.campaign.campaign

    def facts(self, now: datetime) -> dict[str, Any]:
        """The fields that every event of a campaign begins with."""
        return {
            "campaign": self.name,
            "network": self.platform.name,
            "simulated": self.platform.simulated,
            "day": self.allowance.day(now),
        }

    def doing(self, verb: str, count: int, noun: str) -> None:
        """Say what is being done now: ``scoring 3 responses``; nothing where there is nothing to do."""
        if count:
            self.context.doing(f"{verb} {count:,} {noun}{'' if count == 1 else 's'}")

    def keep(self, *events: Event) -> None:
        """Reach a checkpoint: the events and the bookmark are kept in one transaction."""
        self.context.emit(*events)
        self.context.checkpoint(self.bookmark.position())

    def learn(self, learner: str, arms: Sequence[str], rewards: dict[str, float], *events: Event) -> None:
        """As ``keep``, with rewards in that transaction: a crash neither loses one nor has it told twice."""
        self.context.emit(*events)
        self.context.position = self.bookmark.position()
        self.context.learn(learner, arms, rewards)
        self.context.checkpoint()

    def refused(self, action: Action, rule: str, why: str, now: datetime) -> ActionRefused:
        return ActionRefused(**self.facts(now), action=action, rule=rule, why=why)

    def refused_once(self, action: Action, rule: str, why: str, now: datetime) -> list[Event]:
        """The refusal, or nothing when this rule was told of today already."""
        return [self.refused(action, rule, why, now)] if self.allowance.tell(action, rule, now) else []

    def declined(self, action: Action, outcome: Outcome, now: datetime) -> ActionRefused:
        """The event for an act that was not done; the network's handlers write ``RULE: WHY``."""
        rule, _, why = outcome.why.partition(": ")
        return self.refused(action, rule if why else "network", why or outcome.why, now)

    def clock_time(self, moment: datetime) -> str:
        """``09:47``, in the campaign's zone, with the label of a simulated time."""
        local = moment.astimezone(self.campaign.timezone)
        return f"{local:%H:%M} {self.platform.time_label}".rstrip()
