"""What engagement does outside. Keys derive from the cause, so a restart finds its own act instead of repeating it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from services.core.effects import Effect
from services.engagement.network import TEXT_LIMIT


class PublishPost(Effect, name="post.publish"):
    """Publish ``text`` in one slot of a campaign.

    The slot alone is the cause: learned weights may choose other words after a restart, and must not post twice.
    """

    limits: ClassVar[Mapping[str, int]] = {"text": TEXT_LIMIT}

    network: str
    campaign: str
    slot: datetime
    text: str

    @property
    def key(self) -> str:
        return f"{self.network}/{self.campaign}/post/{self.slot.isoformat()}"

    @property
    def what(self) -> str:
        return f"Post on {self.network}: “{self.text}”"


class SendReply(Effect, name="reply.send"):
    """Answer one response. The text is part of the cause: an approval is for these words only."""

    word = "Send"
    limits: ClassVar[Mapping[str, int]] = {"text": TEXT_LIMIT}

    network: str
    campaign: str
    response: str
    author: str
    text: str

    @property
    def key(self) -> str:
        words = hashlib.sha256(self.text.encode()).hexdigest()[:12]
        return f"{self.network}/{self.campaign}/reply/{self.response}/{words}"

    @property
    def what(self) -> str:
        return f"Reply to {self.author} on {self.network}: “{self.text}”"


class LikePost(Effect, name="post.like"):
    """Like a response of somebody who engaged with us first."""

    network: str
    campaign: str
    response: str
    author: str

    @property
    def key(self) -> str:
        return f"{self.network}/{self.campaign}/like/{self.response}"

    @property
    def what(self) -> str:
        return f"Like what {self.author} answered on {self.network}"


def mark_of(effect: Effect) -> str:
    """The idempotency mark that the network keeps with the act."""
    return hashlib.sha256(effect.key.encode()).hexdigest()[:32]
