from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.engagement.allowance import Allowance
from services.engagement.bookmark import Bookmark
from services.engagement.campaign import Campaign, load_campaign
from services.engagement.network import Action
from tests.support.engagement import DAWN, write_campaign
from tests.support.examples import examples

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati")


def campaign(zone: str = "UTC", **changes: object) -> Campaign:
    with TemporaryDirectory() as folder:
        path = write_campaign(Path(folder), **changes)
        path.write_text(f"timezone: {zone}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        return load_campaign(path)


steps = st.lists(st.tuples(st.integers(-600, 1800), st.sampled_from(Action)), max_size=120)


@given(
    zone=st.sampled_from(ZONES),
    caps=st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)),
    hours=st.sampled_from(["07:00-23:00", "22:00-02:00", "00:00-24:00", "09:15-09:45"]),
    steps=steps,
)
@example(
    zone="UTC", caps=(1, 1, 1), hours="00:00-24:00", steps=[(0, Action.POST), (1440, Action.POST), (-1440, Action.POST)]
)
@settings(max_examples=examples(150), deadline=None)
def test_no_sequence_of_acts_exceeds_a_cap_or_breaks_the_quiet(
    zone: str, caps: tuple[int, int, int], hours: str, steps: list[tuple[int, Action]]
) -> None:
    plan = campaign(zone, post=caps[0], reply=caps[1], like=caps[2], hours=hours)
    bookmark = Bookmark()
    now, done = DAWN, Counter[tuple[str, Action]]()
    for minutes, action in steps:
        now += timedelta(minutes=minutes)
        # Each step is a restart too: what was counted has to come back from the stored position.
        bookmark = Bookmark.read(bookmark.position())
        allowance = Allowance(plan, bookmark)
        held = allowance.holds(action, now)
        if held is not None:
            assert held[1] > now
            continue
        allowance.count(action, now)
        local = now.astimezone(ZoneInfo(zone))
        assert local in plan.hours
        done[local.date().isoformat(), action] += 1
    by_action = dict(zip((Action.POST, Action.REPLY, Action.LIKE), caps, strict=True))
    assert all(count <= by_action[action] for (_, action), count in done.items())


def test_a_used_cap_says_so_and_opens_again_with_the_next_day() -> None:
    allowance = Allowance(campaign(post=1), Bookmark())
    noon = DAWN.replace(hour=12)
    assert allowance.holds(Action.POST, noon) is None
    allowance.count(Action.POST, noon)
    assert allowance.holds(Action.POST, noon) == ("cap of 1 a day", datetime(2026, 3, 5, 7, tzinfo=ZoneInfo("UTC")))
    assert allowance.holds(Action.POST, noon + timedelta(days=1)) is None


def test_quiet_hours_say_when_they_end() -> None:
    allowance = Allowance(campaign("Europe/Berlin"), Bookmark())
    held = allowance.holds(Action.LIKE, DAWN.replace(hour=3))
    assert held == ("quiet hours", datetime(2026, 3, 4, 7, tzinfo=ZoneInfo("Europe/Berlin")))


def test_an_action_that_the_campaign_does_not_take_has_no_allowance() -> None:
    assert Allowance(campaign(actions="post"), Bookmark()).left(Action.LIKE, DAWN.replace(hour=12)) == 0
