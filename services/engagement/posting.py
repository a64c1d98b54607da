"""Posts: one for each slot, never two, within the campaign's hours and caps and the network's rules."""

import random
from datetime import datetime

from services.core.effects import Standing
from services.core.events import Event
from services.engagement.bookmark import NEXT, Draft, Watched
from services.engagement.composing import blend, pick, wordings
from services.engagement.desk import Desk
from services.engagement.effects import PublishPost, mark_of
from services.engagement.events import Posted
from services.engagement.network import Action, Own, RuleRefusal


class Poster:
    """Publishes in slots. The draft is on disk before it is published, and the slot's key finds what was done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bookmark = desk.bookmark

    def step(self) -> None:
        """Publish if the slot is due and nothing holds it; else move the slot and say why."""
        now = self._desk.platform.now()
        if Action.POST not in self._desk.campaign.actions:
            return
        self._settle()
        slot = self._bookmark.due or now.replace(microsecond=0)
        if now < slot:
            return
        held = self._desk.allowance.holds(Action.POST, now)
        if held is not None:
            self._defer(held[0], held[1], now)
            return
        self._desk.context.doing("publishing a post")
        draft = self._bookmark.draft
        self._publish(draft if draft and draft.slot == slot else self._choose(slot), now)

    def _choose(self, slot: datetime) -> Draft:
        """Draw hashtags by their weights and a wording that no rule of the network refuses."""
        desk = self._desk
        dice = random.Random(f"{desk.name}:{slot.isoformat()}")
        hashtags = pick(self.weights(), desk.campaign.hashtags_per_post, dice)
        texts = list(wordings(desk.campaign, hashtags, dice))
        fitting = (text for text in texts if _fits(desk.platform.check(Action.POST, text)))
        # Where no wording fits, the first is tried all the same, and the network's own refusal is told.
        return Draft(slot, next(fitting, texts[0]), hashtags)

    def weights(self) -> dict[str, float]:
        """What hashtags are drawn by: the campaign's weights under the learned layer."""
        start = self._desk.campaign.hashtags
        return blend(start, self._desk.context.learn(f"engagement.hashtags:{self._desk.name}", list(start)))

    def _publish(self, draft: Draft, now: datetime) -> None:
        desk = self._desk
        refusal = desk.platform.check(Action.POST, draft.text)
        if refusal is not None and refusal.resets is not None:
            self._defer("quota", refusal.resets, now, str(refusal))
            return
        self._bookmark.due, self._bookmark.draft = draft.slot, draft
        desk.keep()
        weights = self.weights()
        outcome = desk.context.act(
            self._effect(draft),
            because={
                "slot": desk.clock_time(draft.slot),
                "weights": {tag: round(weights[tag], 3) for tag in draft.hashtags},
            },
        )
        if outcome.standing is Standing.DONE:
            self._settle()
        elif outcome.standing is Standing.NOT_DONE:
            self._bookmark.draft = None
            self._next(draft, now, desk.declined(Action.POST, outcome, now))
        else:
            draft.counted = True
            desk.allowance.count(Action.POST, now)
            self._next(draft, now, desk.refused(Action.POST, "unknown outcome", outcome.why, now))

    def _settle(self) -> None:
        """Take note of the draft that is out: just published, before a restart, or found after all."""
        draft = self._bookmark.draft
        own = self._desk.platform.find(mark_of(self._effect(draft))) if draft else None
        if draft is None or own is None:
            return
        if not draft.counted:
            self._desk.allowance.count(Action.POST, own.at)
        self._bookmark.draft = None
        self._bookmark.watched.append(Watched(own.id, own.at, draft.hashtags))
        self._next(draft, own.at, self._posted(draft, own))

    def _posted(self, draft: Draft, own: Own) -> Posted:
        facts = self._desk.facts(own.at)
        return Posted(**facts, post=own.id, text=own.text, hashtags=tuple(draft.hashtags))

    def _next(self, draft: Draft, now: datetime, event: Event) -> None:
        """Go on to the slot after ``draft``'s; slots missed meanwhile are not made up for."""
        pace = self._desk.campaign.pace
        shift = random.Random(f"{self._desk.name}:{draft.slot.isoformat()}:next").uniform(-1, 1)
        # Whole seconds, so that a slot reads the same in the ledger and in its key.
        due = max(draft.slot, now) + pace.every + shift * pace.jitter
        if self._bookmark.due is None or self._bookmark.due <= draft.slot:
            self._bookmark.due, self._bookmark.reason = due.replace(microsecond=0), NEXT
        self._desk.keep(event)

    def _defer(self, rule: str, until: datetime, now: datetime, why: str = "") -> None:
        """Move the slot to when the rule lets it through, and tell of the rule once."""
        self._bookmark.due, self._bookmark.reason = until, rule
        if self._bookmark.draft is not None and not self._bookmark.draft.counted:
            self._bookmark.draft = None
        resumes = f"resumes {self._desk.clock_time(until)}"
        self._desk.keep(self._desk.refused(Action.POST, rule, f"{why}; {resumes}" if why else resumes, now))

    def _effect(self, draft: Draft) -> PublishPost:
        return PublishPost(self._desk.platform.name, self._desk.name, draft.slot, draft.text)


def _fits(refusal: RuleRefusal | None) -> bool:
    return refusal is None or refusal.resets is not None
