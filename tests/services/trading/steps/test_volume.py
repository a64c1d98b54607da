"""The terms of volume, by hand; the baseline is the three bars before."""

from collections.abc import Callable
from math import e, isnan, nan

import pytest

from services.trading.steps.volume import volume_log, volume_ratio, volume_size, volume_warm_up

UP = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def ratios(volumes: list[float], closes: list[float] = UP) -> list[float]:
    state = [0.0] * volume_size(3)
    return [volume_ratio(state, 0, 3, close, v) for close, v in zip(closes, volumes, strict=False)]


def logs(volumes: list[float], closes: list[float] = UP) -> list[float]:
    state = [0.0] * volume_size(3)
    return [volume_log(state, 0, 3, close, v) for close, v in zip(closes, volumes, strict=False)]


@pytest.mark.parametrize(("volume", "term"), [(3.0, 0), (4.0, 0), (6.0, 0.25), (8.0, 0.5), (12.0, 1), (99.0, 1)])
def test_relative_volume_speaks_from_one_on_and_says_all_from_three_on(volume: float, term: float) -> None:
    assert ratios([2.0, 4.0, 6.0, volume])[3] == term
    assert ratios([2.0, 4.0, 6.0, volume], closes=[4.0, 3.0, 2.0, 1.0])[3] == -term
    assert ratios([2.0, 4.0, 6.0, volume], closes=[1.0, 1.0, 1.0, 1.0])[3] == 0


@pytest.mark.parametrize("measured", [ratios, logs])
def test_it_is_no_data_before_the_baseline_is_full(measured: Callable[[list[float]], list[float]]) -> None:
    values = measured([2.0, 4.0, 6.0, 12.0, 1.0])
    assert [isnan(value) for value in values] == [True, True, True, False, False]
    assert volume_warm_up(3) == 3


def test_bars_without_volume_are_quiet_and_a_baseline_of_them_alone_measures_nothing() -> None:
    assert ratios([2.0, 4.0, 6.0, 0.0])[3] == 0
    assert ratios([0.0, 0.0, 3.0, 2.0])[3] == 0.5
    assert ratios([0.0, 0.0, 0.0, 5.0, 5.0])[3:] == pytest.approx([nan, 1], nan_ok=True)


def test_the_logarithm_is_measured_in_deviations_from_its_mean() -> None:
    deviation = (2 / 3) ** 0.5
    assert logs([1.0, e, e**2, e ** (1 + 2 * deviation)])[3] == pytest.approx(0.5)
    assert logs([1.0, e, e**2, e ** (1 + 2 * deviation)], closes=[4.0, 3.0, 2.0, 1.0])[3] == pytest.approx(-0.5)
    assert logs([1.0, e, e**2, e])[3] == 0


def test_bars_without_volume_are_not_in_the_logarithms_baseline() -> None:
    values = logs([1.0, 0.0, e, e**2, 0.0, e**9])
    assert all(map(isnan, values[:4]))
    assert values[4:] == [0, 1]


@pytest.mark.parametrize("constant", [0.1, 1.1, 3.7, 5.3, 7.7, 13.0])
def test_a_constant_volume_is_no_measure_for_the_logarithm_however_its_mean_is_rounded(constant: float) -> None:
    assert all(map(isnan, logs([constant] * 4 + [constant * 100])))
