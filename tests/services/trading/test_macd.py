"""MACD step by step against the formula over the whole series."""

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.candles import read_candles
from services.trading.macd import Cross, Macd, Reading
from tests.support.candles import recorded_folder

prices = st.floats(min_value=1e-6, max_value=1e6)
series = st.lists(prices, min_size=1, max_size=120)
spans = st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1], s[2]))


def read_all(closes: list[float], fast: int, slow: int, signal: int) -> list[Reading]:
    macd = Macd(fast, slow, signal)
    return [macd.update(close) for close in closes]


def weighted_mean(values: list[float], span: int) -> float:
    """The exponential mean written out: weights a (1-a)^k, and the whole rest on the first value."""
    a = 2 / (span + 1)
    terms = [a * (1 - a) ** age * value for age, value in enumerate(reversed(values[1:]))]
    return fsum([*terms, (1 - a) ** (len(values) - 1) * values[0]])


@given(series, spans)
def test_each_step_equals_the_written_out_formula(closes: list[float], spans: tuple[int, int, int]) -> None:
    fast, slow, signal = spans
    until = range(1, len(closes) + 1)
    line = [weighted_mean(closes[:n], fast) - weighted_mean(closes[:n], slow) for n in until]
    readings = read_all(closes, fast, slow, signal)
    scale = max(closes)
    for n, reading in zip(until, readings, strict=True):
        smoothed = weighted_mean(line[:n], signal)
        assert reading.macd == pytest.approx(line[n - 1], abs=1e-12 * scale)
        assert reading.signal == pytest.approx(smoothed, abs=1e-12 * scale)
        assert reading.histogram == pytest.approx(line[n - 1] - smoothed, abs=1e-12 * scale)


@given(series, spans, st.data())
def test_a_reading_does_not_change_when_the_future_is_cut_off(
    closes: list[float], spans: tuple[int, int, int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(closes)))
    assert read_all(closes[:cut], *spans) == read_all(closes, *spans)[:cut]


def test_the_first_decision_is_at_index_slow_plus_signal_minus_one() -> None:
    readings = read_all([float(n % 7 + 1) for n in range(60)], 12, 26, 9)
    assert [reading.ready for reading in readings].index(True) == 34


@pytest.mark.parametrize(
    ("previous", "now", "cross"),
    [
        (-1.0, 1.0, Cross.UP),
        (0.0, 1.0, Cross.UP),
        (1.0, -1.0, Cross.DOWN),
        (0.0, -1.0, Cross.DOWN),
        (-1.0, 0.0, Cross.NONE),
        (1.0, 2.0, Cross.NONE),
        (-2.0, -1.0, Cross.NONE),
    ],
)
def test_a_cross_is_a_change_of_sign_that_leaves_or_passes_zero(previous: float, now: float, cross: Cross) -> None:
    assert Reading(0, 0, now, previous, ready=True).cross is cross
    assert Reading(0, 0, now, previous, ready=False).cross is Cross.NONE


def test_recorded_eth_btc_has_its_known_crosses() -> None:
    closes = [candle.close for candle in read_candles(recorded_folder() / "ETH-BTC_5m_2018-01.parquet")]
    crosses = [reading.cross for reading in read_all(closes, 12, 26, 9)]
    assert crosses.count(Cross.UP) == 298
    assert crosses.count(Cross.DOWN) == 297
