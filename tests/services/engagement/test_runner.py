import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.effects import Effect, Outcome, Standing
from services.core.process import ConfigurationFault, Isolation
from services.engagement.effects import LikePost, PublishPost, SendReply
from services.engagement.events import ActionRefused, FeedListened, Interacted, Measured, Posted, ResponseSeen
from services.engagement.handlers import engagement_handlers
from services.engagement.hours import parse_hours
from services.engagement.network import TEXT_LIMIT, Action, Own
from services.engagement.runner import CampaignRunner
from services.engagement.sandbox import SandboxNetwork
from services.engagement.sandbox.schema import reading
from tests.support.engagement import DAWN, Day, DayHost
from tests.support.examples import examples
from tests.support.host import MemoryHost, told

ROOT = Path(__file__).parents[3]


def on_network(folder: Path, network: SandboxNetwork) -> list[Own]:
    """All that was done on the network, as the network's own file has it."""
    with reading(folder / "sandbox.db") as connection:
        marks = [row["mark"] for row in connection.execute("SELECT mark FROM own ORDER BY id")]
    return [own for own in map(network.find, marks) if own is not None]


def rewards_of(host: MemoryHost) -> list[dict[str, float]]:
    """What was told to the learner, in order."""
    return [rewards for _, rewards in host.rewards if rewards]


def test_a_day_of_a_campaign(tmp_path: Path) -> None:
    day = Day(tmp_path)
    host = day.run()
    posted, seen = told(host, Posted), told(host, ResponseSeen)
    assert len(posted) == 6
    assert len(seen) > 6
    assert all(event.simulated and "simulated" in event.network for event in host.events)
    assert {event.parent for event in seen if event.parent} <= {own.id for own in on_network(tmp_path, day.network)}
    assert len(told(host, Measured)) == 6
    assert {event.action for event in told(host, Interacted)} == {"reply", "like"}
    assert len(host.samples["engagement.sentiment:spring"]) == len(seen)
    assert all(0 <= rate <= 100 for rate in host.samples["engagement.rate:spring"])


def test_what_it_waits_for_is_told_with_the_networks_time(tmp_path: Path) -> None:
    waits = Day(tmp_path, post=2).run().waits
    assert any(wait.startswith("next post at ") and wait.endswith(" sandbox time") for wait in waits)
    assert "cap of 2 a day, resumes 07:00 sandbox time" in waits
    waits = Day(tmp_path / "night", lasting=20, post=24).run().waits
    assert "quiet hours, resumes 07:00 sandbox time" in waits


def test_what_it_does_between_its_waits_is_told(tmp_path: Path) -> None:
    told = Day(tmp_path).run().doings
    assert any(re.fullmatch(r"scoring \d+ responses", doing) for doing in told)
    assert {"publishing a post", "measuring 1 post", "answering 1 response"} <= set(told)
    assert told[0].startswith("listening on ")
    assert "" not in told


def test_a_full_quota_is_waited_out(tmp_path: Path) -> None:
    day = Day(tmp_path, lasting=3)
    for number in range(10):
        day.network.post(f"by hand {number}", f"by hand {number}")
    host = day.run()
    assert "quota, resumes 09:15 sandbox time" in host.waits
    refused = told(host, ActionRefused)[0]
    assert (refused.action, refused.rule) == ("post", "quota")
    assert "10 of post in 15 min" in refused.why
    assert told(host, Posted)


def test_hashtags_are_rewarded_by_how_their_posts_did(tmp_path: Path) -> None:
    host = Day(tmp_path).run()
    measured = told(host, Measured)
    rewards = rewards_of(host)
    assert {learner for learner, _ in host.rewards} == {"engagement.hashtags:spring"}
    assert [set(reward.values()) for reward in rewards] == [{event.reward} for event in measured]
    assert [set(reward) for reward in rewards] == [set(event.hashtags) for event in told(host, Posted)]
    assert len({event.reward for event in measured}) > 1


def test_replies_wait_for_a_person_at_most_a_handful_and_with_their_evidence(tmp_path: Path) -> None:
    host = Day(tmp_path, approve="person", waiting=3).run()
    assert len(host.proposals) == 3
    assert not [effect for effect in host.acts if isinstance(effect, SendReply)]
    for proposal in host.proposals:
        assert set(proposal.evidence) == {"draft", "author", "parent", "sentiment", "network"}
        assert proposal.expires is not None
        assert proposal.effect.text == proposal.evidence["draft"]
    assert [event.rule for event in told(host, ActionRefused)].count("waiting") == 1, "told once a day, not each time"


def test_a_sent_or_expired_draft_makes_room_for_the_next(tmp_path: Path) -> None:
    day = Day(tmp_path, lasting=6, approve="person", waiting=1)
    host = day.run()
    assert len(host.proposals) == 1
    reply = host.proposals[0].effect
    host.handlers[SendReply].carry_out(reply)
    host.until += timedelta(hours=12) / 120
    assert len(day.run().proposals) == 2
    day.clock.advance(timedelta(hours=25))
    host.until = day.clock.now() + timedelta(hours=24) / 120
    assert len(day.run().proposals) == 3


def test_a_negative_response_is_answered_by_a_person_even_where_replies_go_alone(tmp_path: Path) -> None:
    host = Day(tmp_path, lasting=72, approve="auto").run()
    replies = [effect for effect in host.acts if isinstance(effect, SendReply)]
    score = {event.response: event.compound for event in told(host, ResponseSeen)}
    assert replies
    assert all(score[reply.response] > -0.05 for reply in replies)
    assert host.proposals
    assert all(proposal.evidence["sentiment"] <= -0.05 for proposal in host.proposals)
    likes = [effect for effect in host.acts if isinstance(effect, LikePost)]
    assert all(score[like.response] >= 0.05 for like in likes)


def test_a_campaign_that_only_listens_does_nothing(tmp_path: Path) -> None:
    Day(tmp_path, lasting=8).run()
    day = Day(tmp_path, lasting=20, actions="like", like=0)
    host = day.run()
    assert not host.acts
    assert not host.proposals
    assert told(host, ResponseSeen)
    assert host.waits[-1] == "responses, sandbox (simulated)"


def test_a_network_on_which_nobody_writes_is_told_to_be_read_and_silent_now_and_then(tmp_path: Path) -> None:
    host = Day(tmp_path, pace=1.0, lasting=8, actions="like").run()
    silent = told(host, FeedListened)
    assert not told(host, ResponseSeen)
    assert len(silent) == 8 * 60 / 20, "it reads every 20 minutes"
    assert all(each.simulated for each in silent)
    assert len(told(Day(tmp_path / "fast", pace=120.0, lasting=8, actions="like").run(), FeedListened)) == 1


@given(
    caps=st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)),
    hours=st.sampled_from(["07:00-23:00", "20:00-03:00", "00:00-24:00"]),
    every=st.sampled_from(["20m", "2h"]),
    breaks=st.lists(st.floats(1, 40), max_size=2),
)
@settings(max_examples=examples(12), deadline=None)
def test_the_network_never_counts_more_than_the_caps_or_anything_in_quiet_hours(
    caps: tuple[int, int, int], hours: str, every: str, breaks: list[float]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        limits = dict(zip((Action.POST, Action.REPLY, Action.LIKE), caps, strict=True))
        day = Day(folder, post=caps[0], reply=caps[1], like=caps[2], hours=hours, every=every)
        for pause in [0.0, *breaks]:
            day.clock.advance(timedelta(hours=pause) / 120)
            day.host.until = day.clock.now() + timedelta(hours=20) / 120
            day.run()
        acts = on_network(folder, day.network)
        counts = Counter((own.at.date(), own.action) for own in acts)
        assert all(count <= limits[action] for (_, action), count in counts.items())
        assert all(own.at in parse_hours(hours) for own in acts)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[DayHost, list[Own]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    day = Day(folder, lasting=14, approve="auto")
    return day.run(), on_network(folder, day.network)


@given(data=st.data())
@settings(max_examples=examples(15), deadline=None)
def test_killed_anywhere_it_goes_on_as_if_undisturbed(
    undisturbed: tuple[DayHost, list[Own]], data: st.DataObject
) -> None:
    host, acts = undisturbed
    with TemporaryDirectory() as name:
        day = Day(Path(name), lasting=14, approve="auto")
        again = day.run_killed_at(data.draw(st.integers(1, host.calls)))
        assert on_network(Path(name), day.network) == acts, "nothing twice, nothing forgotten, counted at the network"
        assert told(again, Posted) == told(host, Posted)
        assert told(again, ResponseSeen) == told(host, ResponseSeen)
        assert told(again, Interacted) == told(host, Interacted)
        assert rewards_of(again) == rewards_of(host), "none is lost, and none told twice"
        assert [proposal.effect for proposal in again.proposals] == [proposal.effect for proposal in host.proposals]


@pytest.mark.parametrize("off", [-2, -1, 0, 1, 2])
def test_killed_as_it_learns_it_tells_each_reward_once(
    undisturbed: tuple[DayHost, list[Own]], tmp_path: Path, off: int
) -> None:
    host, _ = undisturbed
    again = Day(tmp_path, lasting=14, approve="auto").run_killed_at(host.learned_at[1] + off)
    assert rewards_of(again) == rewards_of(host)
    assert len(told(again, Measured)) == len(rewards_of(host))


def test_a_post_whose_outcome_is_unknown_is_looked_up_and_never_repeated(tmp_path: Path) -> None:
    class SilentAfterPosting(DayHost):
        """The network posts, and its answer is lost; it is found again only later."""

        def act(self, effect: Effect, because: object) -> Outcome:
            outcome = super().act(effect, because)
            return Outcome(Standing.UNKNOWN, why="timed out") if isinstance(effect, PublishPost) else outcome

    day = Day(tmp_path, lasting=10)
    day.host = SilentAfterPosting(day.clock, day.network, day.host.until)
    host = day.run()
    posts = [own for own in on_network(tmp_path, day.network) if own.action is Action.POST]
    assert len(posts) == len({own.text for own in posts}) == 6
    assert [event.post for event in told(host, Posted)] == [own.id for own in posts]
    assert "unknown outcome" in {event.rule for event in told(host, ActionRefused)}


def test_texts_in_events_are_bounded(tmp_path: Path) -> None:
    day = Day(tmp_path, lasting=6)
    day.run()
    with reading(tmp_path / "sandbox.db") as connection:
        connection.execute("UPDATE reaction SET text = ? WHERE kind = 'reply'", ("evil\x1b[31m\n" * 400,))
    day.host.until += timedelta(hours=12) / 120
    texts = [event.text for event in told(day.run(), ResponseSeen)]
    assert any(text.startswith("evil") for text in texts)
    assert all(len(text) <= TEXT_LIMIT and "\x1b" not in text and "\n" not in text for text in texts)


@pytest.mark.parametrize("broken", ["campaign", "network", "pace"])
def test_what_cannot_work_as_configured_is_told_and_not_restarted(tmp_path: Path, broken: str) -> None:
    process = Day(tmp_path).process
    if broken == "pace":
        process.pace = 0
    else:
        Path(getattr(process, broken)).write_text("no: thing: here", encoding="utf-8")
        Path(f"{process.network}-wal").unlink(missing_ok=True)
    with pytest.raises(ConfigurationFault, match=broken if broken == "pace" else str(tmp_path)):
        MemoryHost().run(process)


def test_the_child_that_runs_it_imports_neither_qt_nor_sqlalchemy(tmp_path: Path) -> None:
    assert CampaignRunner.isolation is Isolation.PROCESS
    day = Day(tmp_path)
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from services.core.process.context import Order
from tests.support.host import MemoryHost
from services.engagement.runner import CampaignRunner
MemoryHost(end_after=1).run(CampaignRunner({day.process.campaign!r}, {day.process.network!r}, 1.0))
print(sorted(set(sys.modules) & {{"sqlalchemy", "PyQt6", "services.core.decisions.ledger"}}))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.strip() == "[]"


def test_handlers_exist_for_every_effect_that_the_process_uses(tmp_path: Path) -> None:
    day = Day(tmp_path)
    kinds = {type(effect) for effect in day.run().acts}
    assert kinds == set(engagement_handlers({day.network.name: day.network}))
    assert day.clock.now() > DAWN
