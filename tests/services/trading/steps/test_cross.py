"""The term of a cross, on histograms written by hand."""

from math import isnan

from services.trading.steps.cross import CROSS_SIZE, MACD_CROSS_SIZE, cross, macd_cross, macd_cross_warm_up


def crossed(histogram: list[float], lasts: int) -> list[float]:
    state, before = [0.0] * CROSS_SIZE, histogram[:-1]
    return [cross(state, 0, True, was, now, lasts) for was, now in zip(before, histogram[1:], strict=True)]


def test_a_cross_speaks_at_its_own_bar() -> None:
    assert crossed([-1, 2, 3, -1, -2], lasts=1) == [1, 0, -1, 0]


def test_it_leaves_or_passes_zero() -> None:
    assert crossed([0, 1, 0, -1, 0, 0, 1], lasts=1) == [1, 0, -1, 0, 0, 1]


def test_it_fades_in_equal_steps_until_the_next_one() -> None:
    assert crossed([-1, 1, 2, 3, 4, 5, -1, -2, 1], lasts=4) == [1, 0.75, 0.5, 0.25, 0, -1, -0.75, 1]


def test_it_is_no_data_until_macd_is_ready_and_remembers_no_earlier_cross() -> None:
    state = [0.0] * MACD_CROSS_SIZE
    values = [macd_cross(state, 0, 1, 2, 2, 50, close) for close in (1.0, 2.0, 1.0, 3.0, 3.5, 1.0, 1.0)]
    warm_up = macd_cross_warm_up(2, 2)
    assert [isnan(value) for value in values] == [bar < warm_up for bar in range(7)]
    unready = [0.0] * CROSS_SIZE
    assert isnan(cross(unready, 0, False, -1.0, 1.0, 50))
    assert cross(unready, 0, True, 1.0, 1.0, 50) == 0
