"""Carries engagement's effects out on the network they name. Registered in ``app/``, run in the parent's workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from services.core.effects import SETTLING, Details, Effect, Handler, Outcome, Refused, Standing
from services.core.errors import UserError
from services.engagement.effects import LikePost, PublishPost, SendReply, mark_of
from services.engagement.network import Action, Own, Platform, RuleRefusal

Platforms = Mapping[str, Platform]
"""Networks by their name."""

PASSING = "rate limit"
"""The rule that says "not now" rather than "no"."""


def engagement_handlers(platforms: Platforms) -> dict[type[Effect], Handler]:
    """The handler of each effect that engagement knows."""
    return {
        PublishPost: PostHandler(platforms),
        SendReply: ReplyHandler(platforms),
        LikePost: LikeHandler(platforms),
    }


@dataclass(frozen=True)
class _NetworkHandler:
    """What the three have in common: which network is meant, and asking it for our mark."""

    platforms: Platforms

    def look_up(self, effect: PublishPost | SendReply | LikePost) -> Outcome:
        platform = self._platform(effect.network)
        found = platform.find(mark_of(effect))
        if found is None:
            return Outcome(Standing.NOT_DONE, why=f"{effect.network} knows no such act")
        if found.deleted:
            return Outcome(Standing.NOT_DONE, _told(found, platform), "it was posted and taken back")
        return Outcome(Standing.DONE, _told(found, platform))

    def settling(self, effect: PublishPost | SendReply | LikePost) -> timedelta:
        try:
            return self._platform(effect.network).settling
        except Refused:  # it cannot be asked now, and is not ours to tell
            return SETTLING

    def _platform(self, name: str) -> Platform:
        if name not in self.platforms:
            raise Refused(f"network: no network called {name!r} is connected")
        try:
            return self.platforms[name]
        except UserError as unusable:  # before anything was sent: it certainly did not happen
            raise Refused(str(unusable)) from unusable


class PostHandler(_NetworkHandler):
    """Publishes posts, and deletes them again when told to undo."""

    def carry_out(self, effect: PublishPost) -> Details:
        platform = self._platform(effect.network)
        try:
            return _told(platform.post(effect.text, mark_of(effect)), platform)
        except RuleRefusal as refusal:
            raise Refused(str(refusal)) from refusal

    def undo(self, effect: PublishPost, details: Details) -> Details:
        try:
            self._platform(effect.network).delete(str(details["id"]))
        except RuleRefusal as refusal:
            raise Refused(str(refusal)) from refusal
        return {**details, "deleted": True}


class ReplyHandler(_NetworkHandler):
    """Sends replies, after looking whether what they answer still stands unanswered."""

    final: ClassVar[str] = "whom it answers has been told of it"

    def carry_out(self, effect: SendReply) -> Details:
        platform = self._platform(effect.network)
        try:
            return _told(platform.reply(effect.response, effect.text, mark_of(effect)), platform)
        except RuleRefusal as refusal:
            raise Refused(str(refusal)) from refusal

    def still_holds(self, effect: SendReply) -> str:
        refusal = self._platform(effect.network).check(Action.REPLY, effect.text, effect.response)
        return "" if refusal is None or refusal.rule == PASSING else str(refusal)


class LikeHandler(_NetworkHandler):
    """Likes responses."""

    final: ClassVar[str] = "whose response it is has been told of it"

    def carry_out(self, effect: LikePost) -> Details:
        platform = self._platform(effect.network)
        try:
            return _told(platform.like(effect.response, mark_of(effect)), platform)
        except RuleRefusal as refusal:
            raise Refused(str(refusal)) from refusal


def _told(own: Own, platform: Platform) -> dict[str, Any]:
    """What came of it; the network's own time stands under what that is called."""
    return {"id": own.id, platform.time_label or "at": own.at.isoformat(), "deleted": own.deleted}
