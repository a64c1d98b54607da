"""The window of the last values."""

from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.steps.window import filled, oldest, push, window_mean, window_size, window_std

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def pushed(series: list[float], size: int) -> list[float]:
    state = [0.0] * window_size(size)
    for value in series:
        push(state, 0, size, value)
    return state


@given(values, st.integers(1, 20))
def test_mean_and_deviation_are_those_of_the_last_values(series: list[float], size: int) -> None:
    state = pushed(series, size)
    assert filled(state, 0, size) == (len(series) >= size)
    if filled(state, 0, size):
        last = series[-size:]
        mean = window_mean(state, 0, size)
        assert oldest(state, 0) == last[0]
        assert mean == pytest.approx(fmean(last), abs=1e-9)
        assert window_std(state, 0, size, mean) == pytest.approx(pstdev(last), rel=1e-9, abs=1e-6)


@given(values, values, st.integers(1, 20))
def test_what_left_the_window_leaves_no_trace(earlier: list[float], series: list[float], size: int) -> None:
    long, short = pushed([*earlier, *series], size), pushed(series, size)
    if filled(short, 0, size):
        mean = window_mean(short, 0, size)
        assert window_mean(long, 0, size) == mean
        assert window_std(long, 0, size, mean) == window_std(short, 0, size, mean)


def test_a_window_keeps_to_its_own_piece_of_the_state() -> None:
    state = [7.0] * 3 + [0.0] * window_size(2) + [7.0] * 3
    for value in (1.0, 2.0, 4.0):
        push(state, 3, 2, value)
    assert (window_mean(state, 3, 2), window_std(state, 3, 2, 3.0)) == (3.0, 1.0)
    assert state[:3] == state[-3:] == [7.0] * 3
