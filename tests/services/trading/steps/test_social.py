"""Terms of posts: a level, its turn, and unusually many voices; silence is a 0, no feed is no data."""

from math import isnan, nan

import pytest

from services.trading.steps.social import (
    post_volume,
    post_volume_size,
    sentiment,
    sentiment_momentum,
    sentiment_momentum_size,
)


def turns(heard: list[tuple[float, float]], window: int = 2) -> list[float]:
    state = [0.0] * sentiment_momentum_size(window)
    return [sentiment_momentum(state, 0, window, 3, 1.0, *each) for each in heard]


def crowds(heard: list[tuple[float, float]], window: int = 4) -> list[float]:
    state = [0.0] * post_volume_size(window)
    return [post_volume(state, 0, window, *each) for each in heard]


def test_the_level_is_the_mean_where_full_counts_as_one():
    assert sentiment(3, 1.0, 0.3, 5) == 0.3
    assert sentiment(3, 0.5, 0.2, 3) == pytest.approx(0.4)
    assert sentiment(3, 0.5, -0.9, 3) == -1.0


def test_few_voices_say_nothing_and_no_feed_is_no_data():
    assert sentiment(3, 1.0, 0.9, 2) == 0.0
    assert isnan(sentiment(3, 1.0, nan, nan))


def test_the_turn_is_against_the_window_that_has_no_bar_in_common():
    told = turns([(0.1, 9), (0.2, 9), (0.4, 9), (-0.9, 9)])
    assert [isnan(each) for each in told] == [True, True, False, False]
    assert told[2:] == [pytest.approx(0.3), -1.0]


def test_a_turn_from_or_to_silence_is_none():
    assert turns([(0.5, 1), (0.0, 9), (0.5, 9), (0.5, 2)])[2:] == [0.0, 0.0]


def test_a_turn_over_an_outage_is_no_data():
    told = turns([(0.1, 9), (nan, nan), (0.3, 9), (0.3, 9), (0.3, 9)])
    assert [isnan(each) for each in told] == [True, True, False, True, False]


def test_usual_numbers_of_voices_say_nothing():
    assert crowds([(0.8, 4)] * 4 + [(0.8, 5), (0.8, 6)])[4:] == [0.0, 0.0]


def test_unusually_many_speak_for_what_they_say():
    assert crowds([(0.0, 4)] * 4 + [(0.6, 8)])[4] == 0.5
    assert crowds([(0.0, 4)] * 4 + [(-0.6, 40)])[4] == -1.0
    assert crowds([(0.0, 4)] * 4 + [(0.04, 40)])[4] == 0.0


def test_where_it_is_usually_silent_one_voice_is_no_crowd():
    assert crowds([(0.0, 0)] * 4 + [(0.6, 1), (0.6, 4)])[4:] == [0.0, 1.0]


def test_the_baseline_is_of_bars_with_a_feed():
    told = crowds([(0.0, 4)] * 3 + [(nan, nan), (0.0, 4), (0.6, 8)])
    assert [isnan(each) for each in told] == [True] * 5 + [False]
    assert told[5] == 0.5
