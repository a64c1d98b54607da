"""The exponential mean and MACD of the steps."""

import pytest

from services.trading.macd import Macd
from services.trading.steps.exponential import EMA_SIZE, alpha_of, ema
from services.trading.steps.macd import MACD_BEFORE, MACD_LINE, MACD_SIZE, macd, macd_ready, macd_warm_up
from tests.support.terms import closes_and_volumes


def test_the_mean_begins_with_the_first_value() -> None:
    state = [0.0] * EMA_SIZE
    assert alpha_of(3) == 0.5
    assert [ema(state, 0, 0.5, value) for value in (8.0, 4.0, 0.0)] == [8.0, 6.0, 3.0]


def test_macd_by_hand() -> None:
    state = [0.0] * MACD_SIZE
    seen = []
    for close in (8.0, 16.0, 0.0):
        histogram = macd(state, 0, 1, 3, 3, close)
        seen.append((state[MACD_LINE], histogram, state[MACD_BEFORE]))
    assert seen == [(0.0, 0.0, 0.0), (4.0, 2.0, 0.0), (-6.0, -4.0, 2.0)]


def test_it_is_ready_at_index_slow_plus_signal_minus_one() -> None:
    state = [0.0] * MACD_SIZE
    ready = []
    for bar in range(40):
        macd(state, 0, 12, 26, 9, 100.0 + bar % 7)
        ready.append(macd_ready(state, 0, 26, 9))
    assert ready.index(True) == macd_warm_up(26, 9) == 34
    assert all(ready[34:])


@pytest.mark.parametrize("sign", [1, -1])
def test_it_gives_the_bits_that_the_replay_trader_reads_and_their_mirror_image(sign: int) -> None:
    closes, _ = closes_and_volumes("ETH-BTC_5m_2018-01")
    state, other = [0.0] * MACD_SIZE, Macd(12, 26, 9)
    for close in closes:
        histogram = macd(state, 0, 12, 26, 9, sign * close)
        reading = other.update(close)
        assert (histogram, state[MACD_LINE]) == (sign * reading.histogram, sign * reading.macd)
