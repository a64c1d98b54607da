"""What a live trader reads at each closed bar: its terms, the posts heard by then, and the user's own terms."""

import logging
import math
from collections import deque
from collections.abc import Callable

from services.trading.candles import Bars, Candle
from services.trading.live.equipment import Equipment
from services.trading.plugins.series import PluginTerms, plugin_files
from services.trading.scoring.history import lacking_history, loaded_bars
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.social.level import level_of
from services.trading.social.listener import Listener
from services.trading.strategy import Strategy

log = logging.getLogger(__name__)


class Reading:
    """The strategy's score at the latest bar, as a backtest that listened to the same would have it."""

    def __init__(self, strategy: Strategy, equipment: Equipment) -> None:
        self.rule = Scorer(strategy)
        self.memory = loaded_bars(strategy) + self.rule.warm_up
        """Bars that are read before the first decision."""
        self._strategy = strategy
        self._hearing = hearing_of(strategy, self.rule.windows) if strategy.listens else None
        self._listener: Listener | None = None
        if self._hearing is not None and equipment.posts is not None:
            self._listener = Listener(self._hearing, equipment.posts().next, log)
        self._plugins: PluginTerms | None = equipment.plugins if plugin_files(strategy) else None
        self._bars: deque[Candle] = deque(maxlen=self.memory + 1)
        self._read = 0
        self.sentiment = math.nan
        """Of what was heard by the latest bar."""
        self.deaf = False
        """Whether the strategy listens, and no feed was alive at the latest bar."""
        self.late = ""
        """Which of the user's own terms did not answer in time at the latest bar."""
        self._listen()

    def remember(self, candle: Candle) -> None:
        """A bar of the past: nothing is asked by it."""
        self._take(candle, late=True)

    def take(self, candle: Candle, heed: Callable[[], None], *, late: bool) -> None:
        """A bar that closed just now, or was received ``late``. While a plug-in is asked ``heed`` is called, which may
        raise to end it. Raises ``UserError`` for one that fails, or may not run."""
        self._listen()
        if self._plugins is not None and not late:
            series = self._plugins.series(self._strategy, Bars.of([*self._bars, candle]), heed)
            self.rule.hear_foreign(series)
            self.late = "; ".join(series.late.values())
        self._take(candle, late=late)

    def _take(self, candle: Candle, *, late: bool) -> None:
        heard = heard_by(self._hearing, candle)
        self.sentiment = level_of(heard)
        self.deaf = heard is not None and all(math.isnan(each.voices) for each in heard.values())
        self.rule.update(candle, heard, late=late)
        self._bars.append(candle)
        self._read += 1

    @property
    def cold(self) -> str:
        """That fewer bars were read than its slowest term needs; empty once it can speak."""
        return "" if self._read > self.rule.warm_up else lacking_history(self._strategy, self._read)

    @property
    def unheard(self) -> str:
        """That the record of posts could not be read at the latest bar: it is read on at the next."""
        return "posts are not heard now" if self._listener is not None and self._listener.unheard else ""

    def _listen(self) -> None:
        if self._listener is not None:
            self._listener.catch_up()
