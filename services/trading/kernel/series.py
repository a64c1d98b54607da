"""Each kind of term at every bar, from a state of zeros."""

from services.trading.steps.compiled import Floats, step
from services.trading.steps.cross import macd_cross
from services.trading.steps.curl import macd_curl
from services.trading.steps.momentum import momentum
from services.trading.steps.social import post_volume, sentiment, sentiment_momentum
from services.trading.steps.spread import spread
from services.trading.steps.volume import volume_log, volume_ratio


@step
def cross_series(
    state: Floats, closes: Floats, count: int, out: Floats, start: int, fast: int, slow: int, signal: int, lasts: int
) -> None:
    """``out`` has the term of each bar from ``start`` on; so in all of these."""
    for bar in range(count):
        out[start + bar] = macd_cross(state, 0, fast, slow, signal, lasts, closes[bar])


@step
def curl_series(
    state: Floats, closes: Floats, count: int, out: Floats, start: int, ups: bool, downs: bool, size: int, fast: int,
    slow: int, signal: int, falls: int, rises: int, depth: float, window: int, below_zero: bool, lasts: int,
) -> None:  # fmt: skip
    """Turns ``ups``, ``downs`` or both; a turn down is one up of the mirrored price, with a state ``size`` further."""
    for bar in range(count):
        up, down = 0.0, 0.0
        if ups:
            up = macd_curl(state, 0, fast, slow, signal, falls, rises, depth, window, below_zero, lasts, closes[bar])
        if downs:
            down = macd_curl(
                state, size, fast, slow, signal, falls, rises, depth, window, below_zero, lasts, -closes[bar]
            )
        out[start + bar] = up - down


@step
def ratio_series(
    state: Floats, closes: Floats, volumes: Floats, count: int, out: Floats, start: int, window: int
) -> None:
    for bar in range(count):
        out[start + bar] = volume_ratio(state, 0, window, closes[bar], volumes[bar])


@step
def log_series(
    state: Floats, closes: Floats, volumes: Floats, count: int, out: Floats, start: int, window: int
) -> None:
    for bar in range(count):
        out[start + bar] = volume_log(state, 0, window, closes[bar], volumes[bar])


@step
def momentum_series(
    state: Floats, closes: Floats, count: int, out: Floats, start: int, bars: int, window: int, scale: float
) -> None:
    for bar in range(count):
        out[start + bar] = momentum(state, 0, bars, window, scale, closes[bar])


@step
def level_series(means: Floats, voices: Floats, count: int, out: Floats, start: int, least: int, full: float) -> None:
    """Of what was heard by each bar's close; so the two below."""
    for bar in range(count):
        out[start + bar] = sentiment(least, full, means[bar], voices[bar])


@step
def change_series(
    state: Floats, means: Floats, voices: Floats, count: int, out: Floats, start: int, window: int, least: int,
    full: float,
) -> None:  # fmt: skip
    for bar in range(count):
        out[start + bar] = sentiment_momentum(state, 0, window, least, full, means[bar], voices[bar])


@step
def crowd_series(
    state: Floats, means: Floats, voices: Floats, count: int, out: Floats, start: int, window: int
) -> None:
    for bar in range(count):
        out[start + bar] = post_volume(state, 0, window, means[bar], voices[bar])


@step
def spread_series(state: Floats, closes: Floats, count: int, out: Floats, window: int, bars: float) -> None:
    """What a sizing measures, at each bar."""
    for bar in range(count):
        out[bar] = spread(state, 0, window, bars, closes[bar])
