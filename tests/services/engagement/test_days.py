"""A campaign's days against its own earlier ones, and the shipped rule that watches them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from services.core.events import Recorded
from services.core.rules.book import RuleBook
from services.core.rules.changes import RuleChanged
from services.core.rules.engine import RuleEngine
from services.core.rules.states import AlertState
from services.engagement.days import FURTHEST, KEPT, Day, Scored, deviation, score
from services.engagement.events import DayMeasured, Measured
from services.engagement.metrics import METRICS
from services.engagement.sandbox.schema import writing
from tests.support.engagement import Day as CampaignDay
from tests.support.host import told

DIP = Path("strategies/rules/engagement-dip.yaml")
FIRST = date(2026, 3, 2)
MONDAY = 0


def day(number: int) -> str:
    return (FIRST + timedelta(number)).isoformat()


def scored(*scores: float) -> list[Scored]:
    """Days one after the other, the first a Monday."""
    return [Scored(day(number), each) for number, each in enumerate(scores)]


def judged(days: list[DayMeasured]) -> list[RuleChanged]:
    """What the shipped rule makes of these days, a day apart."""
    book = RuleBook()
    assert book.read([DIP]) == []
    engine, changes = RuleEngine(book.rules), []
    for number, each in enumerate(days):
        at = datetime(2026, 3, 3, tzinfo=UTC) + timedelta(number)
        for observation in METRICS.extract(Recorded(number + 1, at, "spring", each)):
            changes += engine.observe(observation)
    return changes


def measured(scores: list[float]) -> list[DayMeasured]:
    """The days of a campaign with these scores, as its process would tell them."""
    days: list[DayMeasured] = []
    earlier: list[Scored] = []
    for today in scored(*scores):
        days.append(
            DayMeasured("spring", "test", True, today.day, 6, today.score, None, deviation(today, earlier[-KEPT:]))
        )
        earlier.append(today)
    return days


def test_nothing_is_usual_before_a_week_was_measured() -> None:
    week = scored(0.2, 0.3, 0.25, 0.2, 0.3, 0.25, 0.2)
    assert deviation(Scored(day(6), 0.0), week[:6]) is None
    assert deviation(Scored(day(7), 0.25), week) == 0.0


def test_a_day_is_compared_with_its_own_weekday_once_four_of_them_are_known() -> None:
    weeks = [0.5, 0.52, 0.48, 0.5, 0.54, 0.2, 0.21] * 4
    saturday, monday = Scored(day(33), 0.2), Scored(day(28), 0.2)
    assert deviation(saturday, scored(*weeks)) == pytest.approx(0.0)
    assert deviation(monday, scored(*weeks)) == -FURTHEST, "what is usual on a Saturday is not on a Monday"


def test_a_day_on_which_nothing_was_measured_is_no_day() -> None:
    assert score(Day(day(0))) is None
    assert METRICS.extract(Recorded(1, datetime(2026, 3, 3, tzinfo=UTC), "spring", measured([0.1])[0])) == []


def test_days_that_were_all_alike_do_not_make_a_small_difference_a_large_one() -> None:
    assert deviation(Scored(day(9), 0.295), scored(*[0.3] * 9)) == pytest.approx(-0.5)


def test_when_response_stops_the_rule_fires_on_the_second_day_and_clears_when_it_is_back() -> None:
    dice = Random(3)
    usual = [dice.gauss(0.3, 0.045) for _ in range(20)]
    silent, back = [0.0, 0.0, 0.0], [dice.gauss(0.3, 0.045) for _ in range(5)]
    assert judged(measured(usual)) == []
    assert judged(measured([*usual, silent[0]])) == [], "one day is not a trend"
    (fired,) = judged(measured([*usual, *silent[:2]]))
    assert (fired.each, fired.after, [str(action) for action in fired.actions]) == (
        "spring",
        AlertState.FIRING,
        ["alert"],
    )
    assert judged(measured([*usual, *silent, *back]))[-1].after is AlertState.NORMAL


def test_when_nothing_is_wrong_the_rule_fires_about_once_a_year() -> None:
    years, fired = 40, 0
    for world in range(years):
        dice = Random(world)
        days = measured([max(0.0, dice.gauss(0.3, 0.045)) for _ in range(KEPT + 365)])
        fired += sum(change.after is AlertState.FIRING for change in judged(days))
    assert 0.5 <= fired / years <= 2


def test_on_the_sandbox_network_a_campaign_whose_crowd_falls_silent_is_told_of(tmp_path: Path) -> None:
    campaign = CampaignDay(tmp_path, lasting=24 * 12)
    host = campaign.run()
    before = told(host, DayMeasured)
    rewards = [event.reward for event in told(host, Measured) if event.day == before[0].day]
    assert before[0].score == pytest.approx(sum(rewards) / before[0].posts)
    assert [each.deviation is None for each in before] == [True] * 7 + [False] * (len(before) - 7)
    assert judged(before) == []
    with writing(tmp_path / "sandbox.db") as connection:
        connection.execute("CREATE TRIGGER silence BEFORE INSERT ON reaction BEGIN SELECT RAISE(IGNORE); END")
    host.until += timedelta(hours=24 * 4) / 120
    after = told(campaign.run(), DayMeasured)
    assert len(after) == len(before) + 4, "no day is told twice over a restart"
    (fired,) = judged(after)
    assert fired.after is AlertState.FIRING
