"""Series of values, their windows and statistics."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from services.core.series import Series, Statistic, statistic

AT = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def filled(series: Series, *values: float) -> Series:
    for index, value in enumerate(values):
        series.add(AT + index * MINUTE, value)
    return series


def test_the_newest_push_out_the_oldest():
    assert filled(Series(last=3), 1, 2, 3, 4, 5).values() == [3, 4, 5]


def test_old_values_leave_a_window_of_time_when_they_are_as_old_as_it_is_long():
    series = filled(Series(within=5 * MINUTE), 1, 2, 3)
    assert series.next_expiry == AT + 5 * MINUTE
    series.expire(AT + 5 * MINUTE)
    assert series.values() == [2, 3]


def test_a_wall_clock_that_steps_back_does_not_disorder_the_values():
    series = filled(Series(within=5 * MINUTE), 1, 2)
    series.add(AT - timedelta(hours=1), 3)
    series.expire(AT + 5 * MINUTE)
    assert series.values() == [2, 3]


def test_a_series_comes_back_from_disk_as_it_was():
    series = filled(Series(last=3), 0.1, 0.2, 1 / 3)
    other = Series(last=3)
    other.restore(json.loads(json.dumps(series.save())))
    assert other.save() == series.save()


def test_a_smaller_window_keeps_the_newest():
    assert filled(Series(last=5), 1, 2, 3, 4, 5).rebound(2, None).values() == [4, 5]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("mean", 4), ("min", 1), ("max", 10), ("last", 2), ("sum", 20), ("count", 5), ("p95", 10), ("rate", 1 / 3)],
)
def test_each_statistic_is_what_its_name_says(kind, expected):
    assert statistic(Statistic(kind), [3, 1, 10, 4, 2], MINUTE) == pytest.approx(expected)


def test_the_95th_percentile_is_the_nearest_rank():
    assert statistic(Statistic.P95, list(range(1, 101))) == 95


def test_an_empty_window_has_totals_but_no_mean():
    assert statistic(Statistic.COUNT, []) == 0
    assert statistic(Statistic.MEAN, []) is None


def test_a_full_window_of_time_is_gone_through_in_a_hundred_steps():
    series = Series(within=timedelta(hours=1))
    for second in range(3600):
        series.add(AT + timedelta(seconds=second), 1)
    steps = 0
    while (due := series.next_expiry) is not None:
        series.expire(due)
        steps += 1
    assert 99 <= steps <= 101


def test_a_value_stays_at_most_a_hundredth_longer_than_the_window_is():
    series = Series(within=timedelta(hours=1))
    series.add(AT + timedelta(seconds=1), 1)
    assert AT + timedelta(seconds=3601) <= series.next_expiry <= AT + timedelta(seconds=3637)
