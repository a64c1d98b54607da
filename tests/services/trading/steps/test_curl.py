"""The term of a curl, on histograms written by hand: 3 bars down, 2 up, window 6, fading over 4 bars."""

from itertools import pairwise
from math import isnan
from statistics import pstdev

import pytest

from services.trading.steps.curl import curl, curl_size, macd_curl_warm_up

DOWN_AND_UP = [-1.0, -2.0, -3.0, -4.0, -3.8, -3.5]
READY = 5


def curled(
    histogram: list[float], *, depth: float = 0.25, line: float = -1.0, below_zero: bool = False, lasts: int = 4
) -> list[float]:
    state = [0.0] * curl_size(6)
    return [
        curl(state, 0, before, now, line, 3, 2, depth, 6, below_zero, lasts)
        for before, now in pairwise([0.0, *histogram])
    ]


def signalled(histogram: list[float], **rule: float) -> list[int]:
    """The bars of the signals."""
    values = [0.0, *curled(histogram, **rule)]  # type: ignore[arg-type]
    return [bar for bar, (before, now) in enumerate(pairwise(values)) if now > 0 and not before > 0]


def test_a_turn_signals_its_rise_in_deviations_and_fades() -> None:
    values = curled([*DOWN_AND_UP, -3.4, -3.3, -3.2, -3.1, -3.0])
    assert all(map(isnan, values[:READY]))
    strength = 0.5 / pstdev(DOWN_AND_UP)
    assert values[READY:] == pytest.approx([strength, strength * 0.75, strength * 0.5, strength * 0.25, 0, 0])


def test_the_strength_is_at_most_one() -> None:
    assert curled([-1.0, -2.0, -3.0, -4.0, -2.0, -0.5])[READY] == 1


@pytest.mark.parametrize(
    "histogram",
    [
        pytest.param([-1.0, -3.0, -2.0, -4.0, -3.8, -3.5], id="fell for too few bars"),
        pytest.param([-1.0, -2.0, -2.0, -4.0, -3.8, -3.5], id="an equal bar within the fall"),
        pytest.param([-1.0, -2.0, -3.0, -4.0, -4.0, -3.5], id="an equal bar within the rise"),
        pytest.param([0.0, -1.0, -2.0, -3.0, -4.0, -3.5], id="rose for too few bars"),
        pytest.param([-1.0, -2.0, -3.0, -4.0, -3.9, -3.8], id="rose too little"),
        pytest.param([-1.0, -2.0, -3.0, -4.0, -2.0, 0.0], id="is no longer below zero"),
        pytest.param([4.0, 3.0, 2.0, 1.0, 1.5, 2.0], id="never was below zero"),
    ],
)
def test_without_any_one_of_its_conditions_there_is_no_signal(histogram: list[float]) -> None:
    assert curled(histogram)[READY] == 0
    assert curled(DOWN_AND_UP)[READY] > 0


def test_a_rise_of_just_the_depth_is_enough() -> None:
    state = [0.0] * curl_size(2)
    turn = pairwise([0.0, -1.0, -2.0, -3.0, -4.0, -3.5])  # the last two deviate by 0.25 from their mean
    assert [curl(state, 0, before, now, -1.0, 3, 1, 2.0, 2, False, 4) for before, now in turn][-1] == 1


def test_below_zero_asks_it_of_the_line_too() -> None:
    assert signalled(DOWN_AND_UP, line=0.0, below_zero=True) == []
    assert signalled(DOWN_AND_UP, line=-0.1, below_zero=True) == signalled(DOWN_AND_UP, line=0.0) == [READY]


def test_the_trough_lies_exactly_two_bars_back() -> None:
    late = [-1.0, -2.0, -3.0, -4.0, -3.95, -3.9, -2.0, -1.0]
    assert signalled(late) == []
    assert signalled([5.0, 4.0, *DOWN_AND_UP]) == [READY + 2]


def test_a_second_turn_of_the_same_run_is_silent_unless_it_was_lower() -> None:
    higher = [-3.6, -3.7, -3.8, -3.0, -2.0]
    lower = [-4.0, -4.5, -5.0, -4.0, -3.0]
    as_low = [-3.7, -3.8, -4.0, -3.0, -2.0]
    assert signalled([*DOWN_AND_UP, *higher]) == signalled([*DOWN_AND_UP, *as_low]) == [READY]
    assert signalled([*DOWN_AND_UP, *lower]) == [READY, READY + 5]
    assert signalled([*DOWN_AND_UP, *higher, -3.0, -3.5, *lower]) == [READY, READY + 12]


def test_the_next_run_below_zero_may_signal_anew() -> None:
    assert signalled([*DOWN_AND_UP, 0.0, *DOWN_AND_UP]) == [READY, READY + 7]


@pytest.mark.parametrize("end", [0.0, 1.0, -4.1])
def test_the_term_is_zero_from_the_cross_or_a_new_low_on(end: float) -> None:
    assert curled([*DOWN_AND_UP, end, -3.9, -3.9], lasts=10)[READY + 1 :] == [0, 0, 0]
    assert curled([*DOWN_AND_UP, -3.9], lasts=10)[READY + 1] > 0


def test_the_warm_up_has_the_window_or_the_turn_full_of_ready_histograms() -> None:
    assert macd_curl_warm_up(26, 9, 3, 2, 100) == 34 + 99
    assert macd_curl_warm_up(26, 9, 3, 2, 4) == 34 + 5


def test_histograms_that_do_not_move_signal_nothing() -> None:
    assert curled([-1.0] * 8, depth=0.0)[READY:] == [0, 0, 0]
