"""All of them on one market, each told once for a burst."""

import math
from datetime import datetime, timedelta

from services.trading.anomalies.anomaly import Anomaly, Kind
from services.trading.anomalies.burst import Burst
from services.trading.anomalies.divergence import Divergence
from services.trading.anomalies.jump import Jump
from services.trading.anomalies.regime import Regime
from services.trading.candles import Candle

COOL_DOWN = 24
"""Bars without the same again, before it is told anew."""


class Watch:
    """Takes closed bars in order."""

    def __init__(self, bar: timedelta, cool_down: int = COOL_DOWN) -> None:
        self._bar, self._cool_down = bar, cool_down
        day = max(24, timedelta(days=1) // bar)
        self._jump, self._burst = Jump(n=day), Burst()
        self._regime, self._divergence = Regime(), Divergence()
        self._latest: datetime | None = None
        self._quiet: dict[tuple[Kind, bool], int] = {}

    def update(self, candle: Candle, sentiment: float = math.nan) -> tuple[Anomaly, ...]:
        """Take a closed bar; gives what is unusual in it and was not told of the same burst before."""
        apart = self._latest is not None and candle.time - self._latest > self._bar
        self._latest = candle.time
        seen = (
            self._jump.update(candle.close, apart=apart),
            self._burst.update(candle.volume),
            self._regime.update(candle.close, apart=apart),
            self._divergence.update(candle.close, sentiment, apart=apart),
        )
        self._quiet = {key: left - 1 for key, left in self._quiet.items() if left > 1}
        return tuple(each for each in seen if each is not None and self._is_news(each))

    def _is_news(self, anomaly: Anomaly) -> bool:
        """Whether it is another burst than the last; the cool-down begins anew as long as it goes on."""
        key = anomaly.kind, anomaly.up
        known, self._quiet[key] = key in self._quiet, self._cool_down
        return not known
