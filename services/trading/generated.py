"""A small generated set of candles, for a machine that has no recorded ones. It is always labelled as generated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from services.trading.candles import Candle

START = datetime(2024, 1, 1, tzinfo=UTC)
COUNT = 5760
"""Twenty days of five-minute bars."""
STEPS = 8
"""Moves within a bar."""


@dataclass(frozen=True)
class _Regime:
    """How the price moves for a while: mean and deviation of each move, as a fraction of the price."""

    drift: float
    volatility: float


def generate(bar: timedelta, tick: float, count: int = COUNT, seed: int = 7) -> tuple[Candle, ...]:
    """A seeded random walk with changing regimes, from a million ticks on; equal arguments give equal candles."""
    return tuple(_walk(Random(seed), bar, tick, count))


def _walk(random: Random, bar: timedelta, tick: float, count: int) -> Iterator[Candle]:
    price = 1_000_000.0
    regime, left = _regime(random), 0
    for index in range(count):
        if left == 0:
            regime, left = _regime(random), random.randrange(60, 240)
        left -= 1
        path = [price]
        for _ in range(STEPS):
            move = regime.drift + regime.volatility * _normal(random)
            path.append(max(1.0, path[-1] * (1 + move)))
        price = path[-1]
        activity = (0.5 + random.random()) * (1 + 100 * abs(price / path[0] - 1))
        yield _candle(START + index * bar, path, tick, 1000 * activity)


def _regime(random: Random) -> _Regime:
    return _Regime(drift=(random.random() - 0.5) * 0.0001, volatility=0.0003 + 0.0012 * random.random())


def _normal(random: Random) -> float:
    """Nearly normal, from sums alone: a platform's logarithm may differ in the last bit, and so would the set."""
    return sum(random.random() for _ in range(12)) - 6


def _candle(time: datetime, path: list[float], tick: float, volume: float) -> Candle:
    steps = [round(value) for value in path]
    first, last, high, low = (round(step * tick, 10) for step in (steps[0], steps[-1], max(steps), min(steps)))
    return Candle(time, first, high, low, last, round(volume, 3))
