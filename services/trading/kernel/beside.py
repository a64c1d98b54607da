"""What terms take of a bar that is no price of it: what was heard by its close, and what a plug-in says of it."""

from collections import OrderedDict
from functools import cache
from math import nan

import numpy as np

from services.trading.candles import Bars
from services.trading.kernel.layout import Heard, Numbers
from services.trading.side_data import NONE, SideData
from services.trading.social.hearing import hearing_of, series
from services.trading.social.scoring import steps_of
from services.trading.strategy import Strategy

KEPT_BYTES = 64_000_000
"""For what was heard over windows that combinations share; each takes 16 bytes a bar."""


class Beside:
    """Columns over some bars, each computed once, by the very code that hears bar by bar."""

    def __init__(self, bars: Bars, side: SideData = NONE) -> None:
        self.side = side
        self._bars = bars
        self._heard: OrderedDict[tuple[str, int], Heard] = OrderedDict()
        self._most = max(4, KEPT_BYTES // (16 * max(len(bars), 1)))
        self._score = cache(steps_of)
        self._said: dict[str, Numbers] = {}

    def heard(self, strategy: Strategy, window: int) -> Heard:
        """By each bar's close, over so many bars. Raises ``UserError`` where there are no posts."""
        key = listening(strategy), window
        if key in self._heard:
            self._heard.move_to_end(key)
            return self._heard[key]
        self.side.require(strategy)
        rows = self.side.posts.rows if self.side.posts else ()
        means, voices = series(hearing_of(strategy, [window], rows, self._score), self._bars.times)[window]
        if len(self._heard) >= self._most:
            self._heard.popitem(last=False)
        self._heard[key] = Heard(np.frombuffer(means), np.frombuffer(voices))
        return self._heard[key]

    def said(self, strategy: Strategy, name: str) -> Numbers:
        """By the plug-in of the term ``name``; NaN where it has no data. Raises ``UserError`` where nobody asked it."""
        if name not in self._said:
            self.side.require(strategy)
            values = self.side.series.values.get(name, {}) if self.side.series else {}
            self._said[name] = np.array([values.get(time, nan) for time in self._bars.times])
        return self._said[name]

    @property
    def late(self) -> bool:
        """Whether a plug-in did not answer in time: then nothing is decided by the score."""
        return bool(self.side.series and self.side.series.late)


class Stretch:
    """The same from the bar ``start`` up to ``stop``."""

    def __init__(self, beside: Beside, start: int, stop: int) -> None:
        self._beside, self._part = beside, slice(start, stop)
        self.late = beside.late

    def heard(self, strategy: Strategy, window: int) -> Heard:
        """See ``Beside``."""
        means, voices = self._beside.heard(strategy, window)
        return Heard(means[self._part], voices[self._part])

    def said(self, strategy: Strategy, name: str) -> Numbers:
        """See ``Beside``."""
        return self._beside.said(strategy, name)[self._part]


def listening(strategy: Strategy) -> str:
    """What is heard depends on it and on the posts."""
    return f"{strategy.market.base} {strategy.timeframe} {strategy.posts.model_dump_json()}"
