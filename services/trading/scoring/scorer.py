"""What a strategy's terms say at each closed bar, one by one and together."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from services.core.words import counted
from services.trading.candles import Candle
from services.trading.candles.moments import microseconds_of
from services.trading.language.terms import PluginTerm
from services.trading.plugins.series import Series, value_at
from services.trading.scoring.pieces import piece_of, spread_of
from services.trading.social.voices import DEAF, Heard
from services.trading.steps.score import required_fall, required_hold, score
from services.trading.steps.spread import UNKNOWN
from services.trading.strategy import Strategy


class Scorer:
    """Takes closed bars in order. The same bars give the same numbers, bit by bit, live as in a backtest.

    Missing bars are never invented; after more than the strategy allows, nothing is entered until the terms are warm
    again.
    """

    def __init__(self, strategy: Strategy, series: Series | None = None) -> None:
        terms = strategy.weighed
        self._series = series or Series()
        self._foreign = frozenset(name for name, term in terms.items() if isinstance(term, PluginTerm))
        """The terms of plug-ins: what they say is in the ``series``."""
        self.names = tuple(terms)
        self._pieces = [piece_of(term) for term in terms.values()]
        self._weights = [term.weight for term in terms.values()]
        self._required = [float(term.required) for term in terms.values()]
        self._starts = [sum(piece.size for piece in self._pieces[:place]) for place in range(len(self._pieces))]
        terms_size = sum(piece.size for piece in self._pieces)
        self._sizing, self._spread_at = spread_of(strategy), terms_size
        self._state = [0.0] * (terms_size + self._sizing.size)
        self._bar: timedelta = strategy.bar
        self._max_missing = strategy.max_missing
        self._enter, self._exit = strategy.enter, strategy.exit_at
        self._shorts = strategy.short is not None
        self._short_enter, self._short_exit = -strategy.short_enter, -strategy.short_exit
        every = (*self._pieces, self._sizing)
        self.warm_up = max(piece.warm_up for piece in every)
        """The 0-based index of the first bar at which every term can speak."""
        self.longest = max(piece.longest for piece in every)
        """The longest span of any term, in bars."""
        self.values = [math.nan] * len(self._pieces)
        """Each term at the latest bar, NaN where it has no data."""
        self.windows = frozenset(piece.window for piece in self._pieces if piece.window)
        """The windows of posts, in bars, that its terms listen over; none where no term does."""
        self._heard: Mapping[int, Heard] = {}
        self.volatility = UNKNOWN
        """How far the price is expected to spread over the horizon of the sizing; below 0 while not known."""
        self.latest: datetime | None = None
        self._cold = 0
        self._late = False

    def missing_before(self, time: datetime) -> int:
        """How many bars lack between the latest one and the one that opens then."""
        return 0 if self.latest is None else (time - self.latest) // self._bar - 1

    def breaks_off(self, time: datetime) -> bool:
        """Whether so many bars lack before it that what was read earlier says nothing about an entry there."""
        return self.missing_before(time) > self._max_missing

    def update(self, candle: Candle, heard: Mapping[int, Heard] | None = None, *, late: bool = False) -> None:
        """Take a closed bar, and what was ``heard`` by its close over each of ``windows``; else posts are no data.

        A bar that was received ``late`` is remembered and asks for nothing.
        """
        self._late = late or bool(self._series.late)
        if self.breaks_off(candle.time):
            self._cold = self.warm_up
        elif self._cold:
            self._cold -= 1
        self._heard = heard or {}
        for place, piece in enumerate(self._pieces):
            numbers = self._heard.get(piece.window, DEAF) if piece.window else (candle.close, candle.volume)
            if self.names[place] in self._foreign:
                numbers = value_at(self._series, self.names[place], microseconds_of(candle.time)), 0.0
            self.values[place] = piece.take(self._state, self._starts[place], *numbers)
        self.volatility = self._sizing.take(self._state, self._spread_at, candle.close, candle.volume)
        self.latest = candle.time

    def hear_foreign(self, series: Series) -> None:
        """What the user's own terms say, from the next bar on; while one of them is late, nothing is asked for."""
        self._series = series

    @property
    def score(self) -> float:
        """All terms together, from -1 to 1; a term without data counts as 0."""
        return score(self.values, self._weights, len(self.values))

    @property
    def enters(self) -> bool:
        """Whether the latest bar asks for a long, and the terms are warm."""
        if self._silent or not required_hold(self.values, self._required, len(self.values)):
            return False
        return self.score >= self._enter

    @property
    def enters_short(self) -> bool:
        """Whether the latest bar asks for a short: what ``enters`` is, mirrored."""
        if not self._shorts or self._silent or not required_fall(self.values, self._required, len(self.values)):
            return False
        return self.score <= self._short_enter

    @property
    def leaves(self) -> bool:
        """Whether the latest bar asks to leave a long; no gap holds it back."""
        return not self._late and self.score <= self._exit

    @property
    def covers(self) -> bool:
        """Whether the latest bar asks to leave a short."""
        return self._shorts and not self._late and self.score >= self._short_exit

    @property
    def asks(self) -> tuple[float, bool, bool]:
        """Which way the latest bar asks for an entry (0: none), and whether to leave a long, and a short."""
        return float(self.enters) - float(self.enters_short), self.leaves, self.covers

    @property
    def _silent(self) -> bool:
        """Whether nothing is entered, whatever the score."""
        return self._late or self._cold > 0

    def because(self) -> dict[str, object]:
        """The evidence of the latest bar: each term, or that it had no data."""
        if self.latest is None:
            return {}
        told: dict[str, object] = {"bar": self.latest.isoformat(), "score": self.score}
        for name, piece, value in zip(self.names, self._pieces, self.values, strict=True):
            silent = self._heard.get(piece.window, DEAF).voices < piece.least
            told[name] = "no data" if math.isnan(value) else "silent" if silent else value
        if self._heard:
            told["heard"] = _heard_text(self._heard)
        return told


def _heard_text(heard: Mapping[int, Heard]) -> str:
    """``14 voices in 12 bars, 2 in 1``; or that there was no feed."""
    if all(math.isnan(each.voices) for each in heard.values()):
        return "no feed was alive"
    first, *others = ((window, heard[window]) for window in sorted(heard, reverse=True))
    told = [f"{counted(int(first[1].voices), 'voice')} in {counted(first[0], 'bar')}"]
    return ", ".join([*told, *(f"{int(each.voices):,} in {window:,}" for window, each in others)])
