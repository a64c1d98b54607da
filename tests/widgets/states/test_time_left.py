"""The time left is told from how progress went lately, and not told where that says nothing."""

import pytest

from services.core.samples import Rollup
from widgets.states.time_left import time_left


def progress(*points: tuple[int, float]) -> list[Rollup]:
    return [Rollup("progress:bot", at, 1, value, value, value, value) for at, value in points]


def test_the_slope_of_the_last_minutes_counts():
    assert time_left(progress((100, 0.1), (110, 0.2), (120, 0.3)), 120) == pytest.approx(70)


def test_time_that_has_passed_since_the_last_word_is_taken_off():
    assert time_left(progress((100, 0.1), (110, 0.2), (120, 0.3)), 130) == pytest.approx(60)
    assert time_left(progress((100, 0.1), (110, 0.2), (120, 0.3)), 500) == 0


def test_what_was_long_ago_does_not_count():
    points = progress((0, 0.0), (1000, 0.1), (1010, 0.2), (1020, 0.3))
    assert time_left(points, 1020) == pytest.approx(70)


def test_a_new_run_begins_anew():
    points = progress((90, 0.8), (100, 0.9), (110, 0.0), (120, 0.1), (130, 0.2))
    assert time_left(points, 130) == pytest.approx(80)


@pytest.mark.parametrize(
    "points",
    [
        progress(),
        progress((100, 0.1), (101, 0.2)),
        progress((100, 0.1), (101, 0.2), (102, 0.3)),
        progress((100, 0.5), (110, 0.5), (120, 0.5)),
        progress((100, 0.5), (110, 0.8), (120, 1.0)),
    ],
)
def test_where_nothing_can_be_told_nothing_is(points):
    assert time_left(points, 121) is None
