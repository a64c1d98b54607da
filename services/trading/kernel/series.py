"""Each kind of term at every bar, from a state of zeros."""

from services.trading.kernel.layout import Heard, Tape, Turns
from services.trading.steps.compiled import Floats, step
from services.trading.steps.cross import macd_cross
from services.trading.steps.curl import macd_curl
from services.trading.steps.momentum import momentum
from services.trading.steps.social import post_volume, sentiment, sentiment_momentum
from services.trading.steps.spread import spread
from services.trading.steps.volume import volume_log, volume_ratio


@step
def cross_series(
    tape: Tape, state: Floats, out: Floats, start: int, fast: int, slow: int, signal: int, lasts: int
) -> None:
    """``out`` has the term of each bar from ``start`` on; so in all of these."""
    for bar in range(tape.bars):
        out[start + bar] = macd_cross(state, 0, fast, slow, signal, lasts, tape.closes[bar])


@step
def curl_series(tape: Tape, state: Floats, out: Floats, start: int, turns: Turns) -> None:
    """A turn down is one up of the mirrored price."""
    for bar in range(tape.bars):
        up, down = 0.0, 0.0
        if turns.ups:
            up = curl(state, 0, turns, tape.closes[bar])
        if turns.downs:
            down = curl(state, turns.size, turns, -tape.closes[bar])
        out[start + bar] = up - down


@step
def curl(state: Floats, at: int, of: Turns, close: float) -> float:
    return macd_curl(
        state, at, of.fast, of.slow, of.signal, of.falls, of.rises, of.depth, of.window, of.below_zero, of.lasts, close
    )


@step
def ratio_series(tape: Tape, state: Floats, out: Floats, start: int, window: int) -> None:
    for bar in range(tape.bars):
        out[start + bar] = volume_ratio(state, 0, window, tape.closes[bar], tape.volumes[bar])


@step
def log_series(tape: Tape, state: Floats, out: Floats, start: int, window: int) -> None:
    for bar in range(tape.bars):
        out[start + bar] = volume_log(state, 0, window, tape.closes[bar], tape.volumes[bar])


@step
def momentum_series(tape: Tape, state: Floats, out: Floats, start: int, bars: int, window: int, scale: float) -> None:
    for bar in range(tape.bars):
        out[start + bar] = momentum(state, 0, bars, window, scale, tape.closes[bar])


@step
def level_series(tape: Tape, heard: Heard, out: Floats, start: int, least: int, full: float) -> None:
    for bar in range(tape.bars):
        out[start + bar] = sentiment(least, full, heard.means[bar], heard.voices[bar])


@step
def change_series(
    tape: Tape, heard: Heard, state: Floats, out: Floats, start: int, window: int, least: int, full: float
) -> None:
    for bar in range(tape.bars):
        out[start + bar] = sentiment_momentum(state, 0, window, least, full, heard.means[bar], heard.voices[bar])


@step
def crowd_series(tape: Tape, heard: Heard, state: Floats, out: Floats, start: int, window: int) -> None:
    for bar in range(tape.bars):
        out[start + bar] = post_volume(state, 0, window, heard.means[bar], heard.voices[bar])


@step
def spread_series(tape: Tape, state: Floats, out: Floats, window: int, bars: float) -> None:
    """What a sizing measures, at each bar."""
    for bar in range(tape.bars):
        out[bar] = spread(state, 0, window, bars, tape.closes[bar])
