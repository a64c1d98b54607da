"""Each kind of term with its steps: how much state it takes, from which bar on it speaks, and its value at a bar."""

from collections.abc import Callable
from dataclasses import dataclass

from services.trading.language.terms import (
    MacdCross,
    MacdCurl,
    Momentum,
    PluginTerm,
    PostVolume,
    SentimentLevel,
    SentimentMomentum,
    Term,
    VolumeTerm,
)
from services.trading.steps.compiled import Floats
from services.trading.steps.cross import MACD_CROSS_SIZE, macd_cross, macd_cross_warm_up
from services.trading.steps.curl import macd_curl, macd_curl_size, macd_curl_warm_up
from services.trading.steps.momentum import momentum, momentum_size, momentum_warm_up
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
from services.trading.steps.spread import UNKNOWN, spread, spread_size, spread_warm_up
from services.trading.steps.volume import volume_log, volume_ratio, volume_size, volume_warm_up
from services.trading.strategy import Strategy

Take = Callable[[Floats, int, float, float], float]
"""Of the state, where its piece begins, and the bar's two numbers: its close and volume, or what was heard by then (the
mean and the voices of the piece's window)."""


@dataclass(frozen=True)
class Piece:
    """One term, ready to run: numbers of state, the 0-based index of its first ready bar, and its longest span."""

    size: int
    warm_up: int
    longest: int
    take: Take
    window: int = 0
    """Of a term of posts, how many bars it listens back; 0 of any other."""
    least: int = 1
    """Fewer voices are silence."""


def piece_of(term: Term) -> Piece:
    """The steps of a term of the language."""
    match term:
        case MacdCross():
            return _cross(term)
        case MacdCurl():
            return _curl(term)
        case VolumeTerm():
            return _volume(term)
        case Momentum():
            return _momentum(term)
        case PluginTerm():
            return Piece(0, term.looks_back, term.looks_back, lambda state, at, value, none: value)
        case SentimentLevel():
            return _level(term)
        case SentimentMomentum():
            return _sentiment_momentum(term)
        case PostVolume():
            return _post_volume(term)


def spread_of(strategy: Strategy) -> Piece:
    """What the sizing measures; nothing known, and no state, where it measures nothing."""
    sizing = strategy.sizing.volatility
    if sizing is None:
        return Piece(0, 0, 0, lambda state, at, close, volume: UNKNOWN)
    window, bars = sizing.window, sizing.horizon / strategy.bar

    def take(state: Floats, at: int, close: float, volume: float) -> float:
        return spread(state, at, window, bars, close)

    return Piece(spread_size(window), spread_warm_up(window), window, take)


def _cross(term: MacdCross) -> Piece:
    def take(state: Floats, at: int, close: float, volume: float) -> float:
        return macd_cross(state, at, term.fast, term.slow, term.signal, term.lasts, close)

    return Piece(MACD_CROSS_SIZE, macd_cross_warm_up(term.slow, term.signal), max(term.slow, term.signal), take)


def _curl(term: MacdCurl) -> Piece:
    def take(state: Floats, at: int, close: float, volume: float) -> float:
        shape = term.falls, term.rises, term.depth, term.window, term.below_zero, term.lasts
        return macd_curl(state, at, term.fast, term.slow, term.signal, *shape, close)

    warm_up = macd_curl_warm_up(term.slow, term.signal, term.falls, term.rises, term.window)
    return Piece(macd_curl_size(term.window), warm_up, max(term.slow, term.signal, term.window), take)


def _volume(term: VolumeTerm) -> Piece:
    measure = volume_ratio if term.of == "ratio" else volume_log

    def take(state: Floats, at: int, close: float, volume: float) -> float:
        return measure(state, at, term.window, close, volume)

    return Piece(volume_size(term.window), volume_warm_up(term.window), term.window, take)


def _momentum(term: Momentum) -> Piece:
    def take(state: Floats, at: int, close: float, volume: float) -> float:
        return momentum(state, at, term.bars, term.window, term.scale, close)

    size, longest = momentum_size(term.bars, term.window), max(term.bars, term.window)
    return Piece(size, momentum_warm_up(term.bars, term.window), longest, take)


def _level(term: SentimentLevel) -> Piece:
    def take(state: Floats, at: int, mean: float, voices: float) -> float:
        return sentiment(term.least, term.full, mean, voices)

    return Piece(sentiment_size(), 0, term.window, take, term.window, term.least)


def _sentiment_momentum(term: SentimentMomentum) -> Piece:
    def take(state: Floats, at: int, mean: float, voices: float) -> float:
        return sentiment_momentum(state, at, term.window, term.least, term.full, mean, voices)

    size, longest = sentiment_momentum_size(term.window), 2 * term.window
    return Piece(size, sentiment_momentum_warm_up(term.window), longest, take, term.window, term.least)


def _post_volume(term: PostVolume) -> Piece:
    def take(state: Floats, at: int, mean: float, voices: float) -> float:
        return post_volume(state, at, term.window, mean, voices)

    return Piece(post_volume_size(term.window), post_volume_warm_up(term.window), term.window, take, 1)
