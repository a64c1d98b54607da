from importlib import resources
from pathlib import Path

import pytest

from services.core.errors import UserError
from services.engagement.campaign import Approve, load_campaign
from services.engagement.network import TEXT_LIMIT, Action
from tests.support.engagement import write_campaign

DEFAULTS = Path(str(resources.files("strategies"))) / "engagement"


def mistakes(path: Path) -> str:
    with pytest.raises(UserError) as told:
        load_campaign(path)
    return str(told.value)


def changed(folder: Path, old: str, new: str) -> Path:
    path = write_campaign(folder)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(DEFAULTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_default_campaign_is_read_and_leaves_replies_to_a_person(path: Path) -> None:
    campaign = load_campaign(path)
    assert campaign.campaign == path.stem
    assert campaign.platform == "sandbox"
    assert campaign.replies.approve is Approve.PERSON


def test_there_is_a_default_campaign() -> None:
    assert [path.name for path in DEFAULTS.glob("*.yaml")] == ["build-in-public.yaml"]


def test_a_campaign_is_read_with_its_hours_caps_and_actions(tmp_path: Path) -> None:
    campaign = load_campaign(write_campaign(tmp_path, hours="22:30-04:00", actions="post, like", post=3))
    assert (campaign.hours.begins, campaign.hours.ends) == (22 * 60 + 30, 4 * 60)
    assert campaign.actions == (Action.POST, Action.LIKE)
    assert campaign.caps.post == 3


def test_all_mistakes_are_told_at_once_with_line_column_and_the_nearest_key(tmp_path: Path) -> None:
    path = changed(tmp_path, "caps: {post: 6", "capps: {post: 6")
    path.write_text(path.read_text(encoding="utf-8").replace("approve: auto", "approve: atuo"), encoding="utf-8")
    told = mistakes(path).splitlines()
    assert len(told) == 2
    assert any(f"{path}:5:1" in line and "'caps'" in line for line in told)
    assert any(f"{path}:13:12" in line and "'approve: auto'" in line for line in told)


def test_a_word_that_no_list_gives_is_a_mistake(tmp_path: Path) -> None:
    told = mistakes(changed(tmp_path, "it was {thing}", "it was {thign}"))
    assert f"{tmp_path / 'campaign.yaml'}:10:3" in told
    assert "{thign}" in told
    assert "mood, thing" in told


def test_a_post_that_could_outgrow_the_network_is_a_mistake(tmp_path: Path) -> None:
    told = mistakes(changed(tmp_path, "Today it was", "x" * (TEXT_LIMIT - 40)))
    assert "can be" in told
    assert "fit" in told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("every: 1h", "every: often", "such as 90s"),
        ("every: 1h", "every: 60", "such as 90s"),
        ("jitter: 5m", "jitter: 50m", "more than half"),
        ("hours: 07:00-23:00", "hours: daytime", "such as 07:00-23:00"),
        ("platform: sandbox", "platform: sandbx", "sandbox"),
        ("platform: sandbox", "platform: sandbox\ntimezone: Mars/Olympus", "Europe/Berlin"),
        ("python: 2", "python: -2", "greater than 0"),
        ("approve: auto", "to: everybody", "who engaged first"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in mistakes(changed(tmp_path, old, new))
