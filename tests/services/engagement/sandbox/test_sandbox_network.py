import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.core.errors import UserError
from services.engagement.network import TEXT_LIMIT, Action, Own, Response, RuleRefusal
from services.engagement.sandbox import SandboxNetwork
from services.engagement.sandbox.network import DoneBefore
from services.engagement.sandbox.rules import LIMITS
from tests.support.engagement import DAWN, SteppedClock

LIVELY = "What a great day, I love it! #python #devlog"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(DAWN + timedelta(hours=6))


@pytest.fixture
def network(tmp_path: Path, clock: SteppedClock) -> SandboxNetwork:
    return SandboxNetwork(tmp_path / "sandbox.db", clock)


def after_some_posts(network: SandboxNetwork, clock: SteppedClock) -> list[Response]:
    """Responses to eight posts, a day later."""
    for number in range(8):
        network.post(f"{number}: {LIVELY}", f"mark {number}")
        clock.advance(timedelta(hours=1))
    clock.advance(timedelta(days=1))
    return network.responses("", 100)


def rule(network: SandboxNetwork, action: Action, text: str = "", target: str = "") -> str:
    """The rule that refuses; asking and acting must agree."""
    asked = network.check(action, text, target)
    assert asked is not None
    acts: dict[Action, Callable[[], Own]] = {
        Action.POST: lambda: network.post(text, "refused"),
        Action.REPLY: lambda: network.reply(target, text, "refused"),
        Action.LIKE: lambda: network.like(target, "refused"),
    }
    with pytest.raises(RuleRefusal) as told:
        acts[action]()
    assert told.value.rule == asked.rule
    assert network.find("refused") is None
    return asked.rule


def test_it_says_that_it_is_simulated(network: SandboxNetwork, clock: SteppedClock) -> None:
    assert network.simulated
    assert "simulated" in network.name
    assert network.time_label == "sandbox time"
    responses = after_some_posts(network, clock)
    assert all(response.author.startswith("sandbox-") for response in responses)
    assert all(response.id.startswith("sandbox-") for response in responses)


def test_the_same_mark_posts_once(network: SandboxNetwork) -> None:
    first = network.post(LIVELY, "mark")
    assert network.post("other words", "mark") == first
    assert network.find("mark") == first
    assert network.find("another") is None


def test_a_text_over_the_limit_is_refused(network: SandboxNetwork) -> None:
    assert network.check(Action.POST, "x" * TEXT_LIMIT) is None
    assert rule(network, Action.POST, "x" * (TEXT_LIMIT + 1)) == "length"


def test_an_empty_text_is_refused(network: SandboxNetwork) -> None:
    assert rule(network, Action.POST, " \n ") == "length"


def test_the_same_post_within_a_day_is_refused(network: SandboxNetwork, clock: SteppedClock) -> None:
    network.post(LIVELY, "first")
    assert rule(network, Action.POST, LIVELY.upper() + "  ") == "duplicate"
    clock.advance(timedelta(hours=24, seconds=1))
    assert network.check(Action.POST, LIVELY) is None


def test_the_rate_limit_refuses_and_says_when_it_resets(network: SandboxNetwork, clock: SteppedClock) -> None:
    began = clock.now()
    for number in range(LIMITS[Action.POST]):
        network.post(f"post {number}", f"mark {number}")
        clock.advance(timedelta(seconds=10))
    assert rule(network, Action.POST, "one more") == "rate limit"
    refusal = network.check(Action.POST, "one more")
    assert refusal is not None
    assert refusal.resets == began + timedelta(minutes=15)
    assert "resets 12:15" in str(refusal)
    clock.advance(refusal.resets - clock.now())
    assert network.post("one more", "late").text == "one more"


def test_nobody_is_answered_or_liked_who_did_not_write_to_us(network: SandboxNetwork) -> None:
    for stranger in ("sandbox-response-1", "sandbox-post-1", "", "7"):
        assert rule(network, Action.REPLY, "Hello!", stranger) == "consent"
        assert rule(network, Action.LIKE, "", stranger) == "consent"


def test_what_is_still_to_come_cannot_be_answered(network: SandboxNetwork, clock: SteppedClock) -> None:
    after_some_posts(network, clock)
    network.post("The last one is great fun! #python #devlog", "last")
    clock.advance(timedelta(days=2))
    newest = network.responses("", 100)[-1].id
    clock.advance(-timedelta(days=2))
    assert rule(network, Action.REPLY, "Hello!", newest) == "consent"


def test_who_wrote_to_us_is_answered_once(network: SandboxNetwork, clock: SteppedClock) -> None:
    response = after_some_posts(network, clock)[0]
    own = network.reply(response.id, "Thank you!", "mark")
    assert (own.action, own.target) == (Action.REPLY, response.id)
    assert rule(network, Action.REPLY, "Thank you again!", response.id) == "once"
    network.like(response.id, "like")
    assert rule(network, Action.LIKE, "", response.id) == "once"


def test_one_account_is_never_told_the_same_twice(network: SandboxNetwork, clock: SteppedClock) -> None:
    responses = after_some_posts(network, clock)
    authors = [response.author for response in responses]
    twice = next(author for author in authors if authors.count(author) > 1)
    first, second = [response for response in responses if response.author == twice][:2]
    network.reply(first.id, "Thank you!", "mark")
    assert rule(network, Action.REPLY, "thank  YOU!", second.id) == "duplicate"
    assert network.check(Action.REPLY, "Thank you very much!", second.id) is None


def test_what_its_author_deleted_cannot_be_answered(
    network: SandboxNetwork, clock: SteppedClock, tmp_path: Path
) -> None:
    response = after_some_posts(network, clock)[0]
    with sqlite3.connect(tmp_path / "sandbox.db") as connection:
        number = response.id.rpartition("-")[2]
        connection.execute("UPDATE reaction SET gone_at = 1 WHERE id = ?", (number,))
    connection.close()
    assert rule(network, Action.REPLY, "Hello!", response.id) == "gone"
    assert network.response(response.id) is None


def test_under_a_post_that_was_taken_back_nothing_is_answered(network: SandboxNetwork, clock: SteppedClock) -> None:
    response = next(found for found in after_some_posts(network, clock) if found.post)
    network.delete(response.post)
    assert rule(network, Action.REPLY, "Hello!", response.id) == "gone"


def test_a_deleted_post_stays_known_by_its_mark_and_is_not_posted_again(network: SandboxNetwork) -> None:
    own = network.post(LIVELY, "mark")
    network.delete(own.id)
    found = network.find("mark")
    assert found is not None
    assert found.deleted
    with pytest.raises(RuleRefusal, match="taken back"):
        network.post(LIVELY, "mark")
    with pytest.raises(RuleRefusal, match="no post"):
        network.delete(own.id)


def test_the_cursor_gives_every_response_once_and_in_order(network: SandboxNetwork, clock: SteppedClock) -> None:
    everything = after_some_posts(network, clock)
    cursor, paged = "", []
    while page := network.responses(cursor, 3):
        paged += page
        cursor = page[-1].id
    assert paged == everything
    assert [response.at for response in paged] == sorted(response.at for response in paged)
    assert len(paged) > 8


def test_responses_come_with_time(network: SandboxNetwork, clock: SteppedClock) -> None:
    own = network.post(LIVELY, "mark")
    assert network.responses("", 100) == []
    assert network.reception(own.id).reactions == 0
    receptions = []
    for _ in range(6):
        clock.advance(timedelta(hours=1))
        receptions.append(network.reception(own.id))
    assert [seen.impressions for seen in receptions] == sorted(seen.impressions for seen in receptions)
    assert receptions[-1].reactions > 0
    assert all(seen.reactions <= seen.impressions for seen in receptions)


def test_the_same_seed_meets_the_same_crowd(tmp_path: Path) -> None:
    def story(name: str, seed: int) -> list[Response]:
        clock = SteppedClock(DAWN)
        return after_some_posts(SandboxNetwork(tmp_path / name, clock, seed=seed), clock)

    assert story("a.db", 7) == story("b.db", 7)
    assert story("a2.db", 7) != story("c.db", 8)


def received(folder: Path, name: str, hour: int, text: str) -> int:
    """Reactions to twenty posts, one each day at the same hour."""
    clock = SteppedClock(datetime(2026, 3, 1, hour, tzinfo=UTC))
    network = SandboxNetwork(folder / f"{name}.db", clock)
    posts: list[Own] = []
    for number in range(20):
        posts.append(network.post(f"{number} {text}", f"{name} {number}"))
        clock.advance(timedelta(days=1))
    return sum(network.reception(post.id).reactions for post in posts)


def test_hashtag_hour_and_tone_all_matter(tmp_path: Path) -> None:
    by_tag = [received(tmp_path, tag, 12, f"A note. #{tag}") for tag in ("python", "devlog", "automation", "rust")]
    assert max(by_tag) > 1.5 * min(by_tag)
    noon, night = (received(tmp_path, f"at {hour}", hour, "A note. #python") for hour in (13, 3))
    assert noon > 1.5 * night
    warm = received(tmp_path, "warm", 12, "I love this wonderful, great note! #python")
    cold = received(tmp_path, "cold", 12, "I hate this awful, terrible note. #python")
    assert warm > 1.5 * cold


def test_its_time_runs_at_its_pace_for_everyone_who_opens_the_file(tmp_path: Path, clock: SteppedClock) -> None:
    network = SandboxNetwork(tmp_path / "sandbox.db", clock, pace=60)
    other = SandboxNetwork(tmp_path / "sandbox.db", clock)
    begun = network.now()
    assert begun.hour == 9
    clock.advance(timedelta(minutes=1))
    assert network.now() == other.now() == begun + timedelta(hours=1)
    assert other.real_seconds(timedelta(hours=1)) == 60


def test_a_new_pace_goes_on_from_the_present_hour(tmp_path: Path, clock: SteppedClock) -> None:
    network = SandboxNetwork(tmp_path / "sandbox.db", clock, pace=60)
    clock.advance(timedelta(minutes=1))
    before = network.now()
    SandboxNetwork(tmp_path / "sandbox.db", clock, pace=10)
    assert network.now() == before
    clock.advance(timedelta(minutes=1))
    assert network.now() == before + timedelta(minutes=10)


def test_a_fresh_network_begins_in_the_morning_whoever_opened_it_first(tmp_path: Path, clock: SteppedClock) -> None:
    handlers = SandboxNetwork(tmp_path / "sandbox.db", clock)
    assert handlers.now() == clock.now()
    runner = SandboxNetwork(tmp_path / "sandbox.db", clock, pace=60)
    assert runner.now() == handlers.now() == DAWN.replace(hour=9)


def test_time_does_not_run_back_on_a_network_in_use(tmp_path: Path, clock: SteppedClock) -> None:
    network = SandboxNetwork(tmp_path / "sandbox.db", clock)
    posted = network.post(LIVELY, "mark")
    assert SandboxNetwork(tmp_path / "sandbox.db", clock, pace=60).now() >= posted.at


def test_at_its_own_pace_it_keeps_real_time(network: SandboxNetwork, clock: SteppedClock) -> None:
    assert network.now() == clock.now()


@pytest.mark.parametrize("pace", [0, -1, float("nan"), 1e9])
def test_a_pace_that_is_none_is_refused(tmp_path: Path, clock: SteppedClock, pace: float) -> None:
    with pytest.raises(UserError, match="pace"):
        SandboxNetwork(tmp_path / "sandbox.db", clock, pace)


def test_a_file_that_is_no_database_is_told_with_its_place_and_left_alone(tmp_path: Path, clock: SteppedClock) -> None:
    path = tmp_path / "sandbox.db"
    path.write_text("not a database, but somebody's notes " * 100, encoding="utf-8")
    with pytest.raises(UserError) as told:
        SandboxNetwork(path, clock)
    assert str(path) in str(told.value)
    assert "Move the file away" in str(told.value)
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_a_lost_network_is_rebuilt_act_by_act_and_its_crowd_answers_the_same(
    network: SandboxNetwork, clock: SteppedClock, tmp_path: Path
) -> None:
    before = after_some_posts(network, clock)
    reply = network.reply(before[0].id, "Thank you", "reply")
    network.delete("sandbox-post-3")
    acts = [found for number in range(8) if (found := network.find(f"mark {number}")) is not None]
    done = [DoneBefore(a.id, a.action, a.at, a.mark, a.text, a.target, a.deleted) for a in (reply, *acts)]
    again = SandboxNetwork(tmp_path / "again.db", clock)
    assert again.rebuild(done) == 9
    assert again.now() == reply.at
    assert again.responses("", 100) == network.responses("", 100)
    assert [again.find(act.mark) for act in acts] == [network.find(act.mark) for act in acts]
    with pytest.raises(ValueError, match="has been used"):
        again.rebuild(done)


def test_a_network_of_which_an_act_is_not_remembered_is_not_rebuilt(network: SandboxNetwork, tmp_path: Path) -> None:
    act = DoneBefore("sandbox-post-2", Action.POST, DAWN, "mark", LIVELY, "", deleted=False)
    with pytest.raises(ValueError, match="nobody remembers sandbox-post-1"):
        network.rebuild([act])
    assert network.find("mark") is None
