"""What a live trader reads at each closed bar: its terms, the posts heard by then, and the user's own terms."""

import math
from collections import deque

from services.trading.candles import Bars, Candle
from services.trading.live.equipment import Ear, Equipment, ForeignTerms
from services.trading.plugins.series import plugin_files
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.social.post import Unchanged
from services.trading.strategy import Strategy

MEMORY = 20
"""Times the longest span of any term: so much is read before the first decision, and then live is as a backtest."""


class Reading:
    """The strategy's score at the latest bar, as a backtest that listened to the same would have it."""

    def __init__(self, strategy: Strategy, equipment: Equipment) -> None:
        self.rule = Scorer(strategy)
        self.memory = MEMORY * self.rule.longest + self.rule.warm_up
        """Bars that are read before the first decision."""
        self._strategy = strategy
        self._hearing = hearing_of(strategy, self.rule.windows) if strategy.listens else None
        self._ear: Ear | None = equipment.ear() if strategy.listens and equipment.ear else None
        self._unchanged = Unchanged()
        self._terms: ForeignTerms | None = equipment.terms if plugin_files(strategy) else None
        self._bars: deque[Candle] = deque(maxlen=self.memory + 1)
        self.deaf = False
        """Whether the strategy listens, and no feed was alive at the latest bar."""
        self.late = ""
        """Which of the user's own terms did not answer in time at the latest bar."""

    def remember(self, candle: Candle) -> None:
        """A bar of the past: nothing is asked by it."""
        self._listen()
        self._take(candle, late=True)

    def take(self, candle: Candle, *, late: bool) -> None:
        """A bar that closed just now, or was received ``late``. Raises ``UserError`` for a plug-in that fails."""
        self._listen()
        if self._terms is not None and not late:
            series = self._terms.series(self._strategy, Bars.of([*self._bars, candle]))
            self.rule.hear_foreign(series)
            self.late = "; ".join(series.late.values())
        self._take(candle, late=late)

    def _take(self, candle: Candle, *, late: bool) -> None:
        heard = heard_by(self._hearing, candle)
        self.deaf = heard is not None and all(math.isnan(each.voices) for each in heard.values())
        self.rule.update(candle, heard, late=late)
        self._bars.append(candle)

    def _listen(self) -> None:
        if self._ear is None or self._hearing is None:
            return
        for row in sorted(self._ear.news(), key=lambda row: row.known_at):
            self._hearing.hear(self._unchanged.told(row))
