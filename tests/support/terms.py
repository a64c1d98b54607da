"""The terms of trading strategies at their usual parameters, run over candles as whoever uses them does.

Nothing here imports a compiler: where one was set before, these loops are compiled with the steps.
"""

from collections.abc import Callable, Sequence
from functools import cache

from services.trading.candles import Candle, read_candles
from services.trading.steps.compiled import Floats, step
from services.trading.steps.cross import MACD_CROSS_SIZE, macd_cross, macd_cross_warm_up
from services.trading.steps.curl import macd_curl, macd_curl_size, macd_curl_warm_up
from services.trading.steps.momentum import momentum, momentum_size, momentum_warm_up
from services.trading.steps.score import required_hold, score
from services.trading.steps.social import (
    post_volume,
    post_volume_size,
    post_volume_warm_up,
    sentiment,
    sentiment_momentum,
    sentiment_momentum_size,
    sentiment_momentum_warm_up,
    sentiment_size,
)
from services.trading.steps.spread import spread, spread_size, spread_warm_up
from services.trading.steps.volume import volume_log, volume_ratio, volume_size, volume_warm_up
from tests.support.candles import recorded_folder

RECORDED = ("BTC-PERP_1m_2022-01", "ETH-BTC_5m_2018-01", "UNITTEST-BTC_1m_2017-11", "XRP-ETH_1m_2019-10")
WEIGHTS, REQUIRED = (2.0, 1.0, 0.5), (0.0, 0.0, 1.0)


@step
def cross_alone(state: Floats, close: float, volume: float) -> float:
    return macd_cross(state, 0, 12, 26, 9, 1, close)


@step
def cross_fading(state: Floats, close: float, volume: float) -> float:
    return macd_cross(state, 0, 12, 26, 9, 5, close)


@step
def curl(state: Floats, close: float, volume: float) -> float:
    return macd_curl(state, 0, 12, 26, 9, 3, 2, 0.25, 100, False, 10, close)


@step
def curl_below_zero(state: Floats, close: float, volume: float) -> float:
    return macd_curl(state, 0, 12, 26, 9, 3, 1, 0.1, 100, True, 10, close)


@step
def relative_volume(state: Floats, close: float, volume: float) -> float:
    return volume_ratio(state, 0, 20, close, volume)


@step
def log_volume(state: Floats, close: float, volume: float) -> float:
    return volume_log(state, 0, 20, close, volume)


@step
def trend(state: Floats, close: float, volume: float) -> float:
    return momentum(state, 0, 12, 60, 2.0, close)


@step
def level(state: Floats, mean: float, voices: float) -> float:
    return sentiment(3, 0.5, mean, voices)


@step
def turn(state: Floats, mean: float, voices: float) -> float:
    return sentiment_momentum(state, 0, 12, 3, 1.0, mean, voices)


@step
def crowd(state: Floats, mean: float, voices: float) -> float:
    return post_volume(state, 0, 96, mean, voices)


@step
def spread_over_a_day(state: Floats, close: float, volume: float) -> float:
    return spread(state, 0, 60, 288.0, close)


_CURL, _VOLUME = 3, 3 + macd_curl_size(100)
_TREND = _VOLUME + volume_size(20)


@step
def decision(state: Floats, close: float, volume: float) -> float:
    """The score of three terms whose pieces lie one behind the other, 2 higher where the required one holds."""
    state[0] = macd_curl(state, _CURL, 12, 26, 9, 3, 2, 0.25, 100, False, 10, close)
    state[1] = volume_ratio(state, _VOLUME, 20, close, volume)
    state[2] = momentum(state, _TREND, 12, 60, 2.0, close)
    return score(state, WEIGHTS, 3) + (2.0 if required_hold(state, REQUIRED, 3) else 0.0)


SIZES = {
    cross_alone: MACD_CROSS_SIZE,
    cross_fading: MACD_CROSS_SIZE,
    curl: macd_curl_size(100),
    curl_below_zero: macd_curl_size(100),
    relative_volume: volume_size(20),
    log_volume: volume_size(20),
    trend: momentum_size(12, 60),
    spread_over_a_day: spread_size(60),
    level: sentiment_size(),
    turn: sentiment_momentum_size(12),
    crowd: post_volume_size(96),
    decision: _TREND + momentum_size(12, 60),
}
WARM_UPS = {
    cross_alone: macd_cross_warm_up(26, 9),
    cross_fading: macd_cross_warm_up(26, 9),
    curl: macd_curl_warm_up(26, 9, 3, 2, 100),
    curl_below_zero: macd_curl_warm_up(26, 9, 3, 1, 100),
    relative_volume: volume_warm_up(20),
    log_volume: volume_warm_up(20),
    trend: momentum_warm_up(12, 60),
    spread_over_a_day: spread_warm_up(60),
    level: 0,
    turn: sentiment_momentum_warm_up(12),
    crowd: post_volume_warm_up(96),
}
TERMS = tuple(WARM_UPS)
LOOPS = tuple(SIZES)


@step
def run_over(
    term: Callable[..., float], state: Floats, closes: Sequence[float], volumes: Sequence[float], values: Floats
) -> None:
    """Put the term's value at each bar into ``values``."""
    for bar in range(len(closes)):
        values[bar] = term(state, closes[bar], volumes[bar])


def values_of(term: Callable[..., float], closes: Sequence[float], volumes: Sequence[float]) -> list[float]:
    """The term at every bar, interpreted, from a fresh state."""
    values = [0.0] * len(closes)
    run_over(term, [0.0] * SIZES[term], closes, volumes, values)
    return values


@cache
def recorded(name: str) -> tuple[Candle, ...]:
    """The candles of one recorded file; skips the test where there are none."""
    return read_candles(recorded_folder() / f"{name}.parquet")


@cache
def closes_and_volumes(name: str) -> tuple[list[float], list[float]]:
    return [candle.close for candle in recorded(name)], [candle.volume for candle in recorded(name)]


@cache
def recorded_values(term: Callable[..., float], name: str) -> list[float]:
    return values_of(term, *closes_and_volumes(name))
