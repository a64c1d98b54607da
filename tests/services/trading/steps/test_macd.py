"""The exponential mean and MACD of the steps."""

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


def test_falling_closes_are_the_mirror_image_of_rising_ones() -> None:
    closes, _ = closes_and_volumes("ETH-BTC_5m_2018-01")
    rising, falling = [0.0] * MACD_SIZE, [0.0] * MACD_SIZE
    for close in closes:
        assert macd(rising, 0, 12, 26, 9, close) == -macd(falling, 0, 12, 26, 9, -close)
        assert rising[MACD_LINE] == -falling[MACD_LINE]
