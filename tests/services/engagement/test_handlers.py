from datetime import timedelta
from pathlib import Path

import pytest

from services.core.effects import Conditional, Refused, Standing, Undoable
from services.engagement.effects import LikePost, PublishPost, SendReply, mark_of
from services.engagement.handlers import engagement_handlers
from services.engagement.network import Response
from services.engagement.sandbox import SandboxNetwork
from tests.support.engagement import DAWN, SteppedClock


class Network:
    """The sandbox, the handlers for it, and what was answered to one post."""

    def __init__(self, folder: Path) -> None:
        self.clock = SteppedClock(DAWN + timedelta(hours=6))
        self.sandbox = SandboxNetwork(folder / "sandbox.db", self.clock)
        self.handlers = engagement_handlers({self.sandbox.name: self.sandbox})
        self.post = PublishPost(self.sandbox.name, "spring", DAWN, "I love this great day! #python #devlog")

    def answered(self) -> Response:
        self.handlers[PublishPost].carry_out(self.post)
        self.clock.advance(timedelta(days=1))
        return self.sandbox.responses("", 1)[0]

    def reply(self, text: str = "Thank you!") -> SendReply:
        response = self.answered()
        return SendReply(self.sandbox.name, "spring", response.id, response.author, text)


@pytest.fixture
def net(tmp_path: Path) -> Network:
    return Network(tmp_path)


def test_a_post_is_carried_out_once_and_found_again(net: Network) -> None:
    handler = net.handlers[PublishPost]
    assert handler.look_up(net.post).standing is Standing.NOT_DONE
    details = handler.carry_out(net.post)
    assert "sandbox time" in details, "no other clock knows this time"
    assert handler.carry_out(net.post) == details
    found = handler.look_up(net.post)
    assert (found.standing, found.details) == (Standing.DONE, details)


def test_a_post_is_taken_back_once(net: Network) -> None:
    handler = net.handlers[PublishPost]
    assert isinstance(handler, Undoable)
    details = handler.carry_out(net.post)
    assert handler.undo(net.post, details)["deleted"] is True
    assert handler.look_up(net.post).standing is Standing.NOT_DONE
    with pytest.raises(Refused, match="no post"):
        handler.undo(net.post, details)
    with pytest.raises(Refused, match="taken back"):
        handler.carry_out(net.post)


def test_a_refusal_of_the_network_names_its_rule(net: Network) -> None:
    net.handlers[PublishPost].carry_out(net.post)
    again = PublishPost(net.sandbox.name, "spring", DAWN + timedelta(hours=1), net.post.text)
    with pytest.raises(Refused, match=r"^duplicate: "):
        net.handlers[PublishPost].carry_out(again)


def test_a_network_that_is_not_connected_refuses(net: Network) -> None:
    elsewhere = PublishPost("elsewhere", "spring", DAWN, "Hello")
    with pytest.raises(Refused, match="elsewhere"):
        net.handlers[PublishPost].carry_out(elsewhere)


def test_a_reply_holds_until_it_is_answered(net: Network) -> None:
    reply, handler = net.reply(), net.handlers[SendReply]
    assert isinstance(handler, Conditional)
    assert handler.still_holds(reply) == ""
    handler.carry_out(reply)
    assert handler.still_holds(reply).startswith("once: ")
    assert handler.look_up(reply).standing is Standing.DONE


def test_a_reply_holds_no_more_when_the_post_above_is_taken_back(net: Network) -> None:
    reply = net.reply()
    post = net.sandbox.find(mark_of(net.post))
    assert post is not None
    net.sandbox.delete(post.id)
    handler = net.handlers[SendReply]
    assert isinstance(handler, Conditional)
    assert handler.still_holds(reply).startswith("gone: ")


def test_a_like_is_done_once(net: Network) -> None:
    response, handler = net.answered(), net.handlers[LikePost]
    like = LikePost(net.sandbox.name, "spring", response.id, response.author)
    details = handler.carry_out(like)
    assert handler.carry_out(like) == details
    assert handler.look_up(like).standing is Standing.DONE


def test_keys_derive_from_the_cause(net: Network) -> None:
    reply = net.reply()
    other_words = SendReply(reply.network, reply.campaign, reply.response, reply.author, "Thanks a lot!")
    assert reply.key != other_words.key, "an approval is for these words only"
    same_slot = PublishPost(net.post.network, net.post.campaign, net.post.slot, "other words")
    assert same_slot.key == net.post.key, "one slot, one post"
    assert all("simulated" in effect.what for effect in (net.post, reply))
