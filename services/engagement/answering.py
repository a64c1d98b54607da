"""Likes and replies to who engaged first. A reply waits for a person, unless the campaign lets it out alone."""

from collections.abc import Iterator

from services.core.decisions.decision import Proposal
from services.core.effects import Standing
from services.core.events import Event
from services.core.words import counted
from services.engagement.bookmark import Waiting
from services.engagement.campaign import Approve
from services.engagement.composing import answers
from services.engagement.desk import Desk
from services.engagement.effects import LikePost, SendReply, mark_of
from services.engagement.events import Interacted
from services.engagement.network import Action, Response
from services.engagement.sentiment import NEUTRAL, compound, tone


class Answerer:
    """Works through the backlog, one response at a time; it leaves the backlog when it is wholly dealt with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def step(self) -> None:
        """Answer what is in the backlog; in quiet hours it stays there until the morning."""
        desk = self._desk
        self._forget_settled()
        while desk.bookmark.backlog and desk.allowance.awake(desk.platform.now()):
            desk.doing("answering", len(desk.bookmark.backlog), "response")
            response = desk.platform.response(desk.bookmark.backlog[0])
            events = list(self._answer(response)) if response else []
            desk.bookmark.backlog.pop(0)
            desk.keep(*events)

    def _answer(self, response: Response) -> Iterator[Event]:
        score = compound(response.text)
        if score >= NEUTRAL:
            yield from self._like(response)
        if Action.REPLY in self._desk.campaign.actions:
            yield from self._reply(response, score)

    def _like(self, response: Response) -> Iterator[Event]:
        desk, now = self._desk, self._desk.platform.now()
        if desk.allowance.left(Action.LIKE, now) < 1:
            return
        effect = LikePost(desk.platform.name, desk.name, response.id, response.author)
        outcome = desk.context.act(effect, because="a friendly answer to us")
        if outcome.standing is Standing.NOT_DONE:
            yield desk.declined(Action.LIKE, outcome, now)
            return
        desk.allowance.count(Action.LIKE, now)
        if outcome.done:
            yield Interacted(**desk.facts(now), action=Action.LIKE, response=response.id)

    def _reply(self, response: Response, score: float) -> Iterator[Event]:
        desk, now = self._desk, self._desk.platform.now()
        held = desk.allowance.holds(Action.REPLY, now)
        if held is not None:
            yield from desk.refused_once(Action.REPLY, held[0], f"resumes {desk.clock_time(held[1])}", now)
            return
        effect, refused = self._draft(response, score)
        if effect is None:
            yield desk.refused(Action.REPLY, *refused, now)
        elif desk.campaign.replies.approve is Approve.AUTO and score > -NEUTRAL:
            yield from self._send(effect, score)
        elif len(desk.bookmark.waiting) < desk.campaign.replies.waiting:
            self._propose(effect, response, score)
        else:
            why = counted(len(desk.bookmark.waiting), "draft waits for you", "drafts wait for you")
            yield from desk.refused_once(Action.REPLY, "waiting", why, now)

    def _draft(self, response: Response, score: float) -> tuple[SendReply | None, tuple[str, str]]:
        """The first fitting comment that no rule of the network refuses, or the last rule that did.

        The one that was sent before a restart, if any: acting on it again finds what came of it.
        """
        desk, refused = self._desk, ("pool", "no comment is left")
        texts = answers(desk.campaign, response, score)
        drafts = [SendReply(desk.platform.name, desk.name, response.id, response.author, text) for text in texts]
        sent = next((draft for draft in drafts if desk.platform.find(mark_of(draft))), None)
        if sent is not None:
            return sent, refused
        for draft in drafts:
            refusal = desk.platform.check(Action.REPLY, draft.text, response.id)
            if refusal is None or refusal.resets is not None:
                return draft, refused
            refused = (refusal.rule, refusal.why)
        return None, refused

    def _send(self, effect: SendReply, score: float) -> Iterator[Event]:
        desk, now = self._desk, self._desk.platform.now()
        outcome = desk.context.act(effect, because={"policy": "approve: auto", "sentiment": score})
        if outcome.standing is Standing.NOT_DONE:
            yield desk.declined(Action.REPLY, outcome, now)
            return
        desk.allowance.count(Action.REPLY, now)
        if outcome.done:
            yield Interacted(**desk.facts(now), action=Action.REPLY, response=effect.response)

    def _propose(self, effect: SendReply, response: Response, score: float) -> None:
        """Put the draft before a person. It counts against the cap now: whoever approves later exceeds nothing."""
        desk = self._desk
        until = desk.context.clock.now() + desk.campaign.replies.expires
        evidence = {
            "draft": effect.text,
            "author": response.author,
            "parent": response.text,
            "sentiment": score,
            "network": desk.platform.name,
        }
        because = {"consent": "answered us first", "tone": tone(score), "sentiment": score}
        decision = desk.context.propose(Proposal(effect, because, expires=until, evidence=evidence))
        desk.allowance.count(Action.REPLY, desk.platform.now())
        desk.bookmark.waiting.append(Waiting(response.id, effect.text, decision, until))

    def _forget_settled(self) -> None:
        """Drop drafts that were sent, have lost what they answer, or waited past their time."""
        desk, now = self._desk, self._desk.context.clock.now()
        left = [draft for draft in desk.bookmark.waiting if draft.until > now and self._stands(draft)]
        if len(left) < len(desk.bookmark.waiting):
            desk.bookmark.waiting = left
            desk.keep()

    def _stands(self, draft: Waiting) -> bool:
        refusal = self._desk.platform.check(Action.REPLY, draft.text, draft.response)
        return refusal is None or refusal.resets is not None
