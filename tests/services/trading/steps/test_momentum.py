"""The term of momentum, by hand."""

from math import isnan

import pytest

from services.trading.steps.momentum import momentum, momentum_size, momentum_warm_up


def run(closes: list[float], bars: int = 2, window: int = 3, scale: float = 1.0) -> list[float]:
    state = [0.0] * momentum_size(bars, window)
    return [momentum(state, 0, bars, window, scale, close) for close in closes]


def test_it_is_the_return_in_units_of_what_chance_would_give() -> None:
    closes = [100.0, 110.0, 121.0, 108.9]  # +10 %, +10 %, -10 %: std 0.0943, and 0.1333 over two bars
    assert run(closes)[3] == pytest.approx(-0.01 / (0.4 / 3))
    assert run(closes, scale=0.5)[3] == pytest.approx(-0.02 / (0.4 / 3))


def test_it_is_at_most_one_either_way() -> None:
    assert run([100.0, 110.0, 121.0, 140.0], scale=0.1)[3] == 1
    assert run([100.0, 90.0, 81.0, 60.0], scale=0.1)[3] == -1


@pytest.mark.parametrize(("bars", "window"), [(2, 3), (4, 3), (1, 2)])
def test_it_is_no_data_until_both_windows_are_full(bars: int, window: int) -> None:
    values = run([100.0, 101.0, 99.0, 102.0, 98.0, 97.0], bars, window)
    assert [isnan(value) for value in values] == [bar < momentum_warm_up(bars, window) for bar in range(6)]


def test_a_price_that_never_moves_or_always_grows_alike_gives_no_measure() -> None:
    assert all(map(isnan, run([100.0] * 6)))
    assert all(map(isnan, run([1.1**bar for bar in range(6)])))
