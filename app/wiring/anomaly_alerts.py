"""Anomalies of a market as it is now come before a person; those of candles from long ago stay on their chart."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.engine import Engine
from services.core.durations import parse_duration
from services.core.events import Recorded
from services.orchestrator.events import Alert
from services.trading.anomalies.events import AnomalySeen

FRESH = 3
"""Bars after which an anomaly is no news any more: it was recorded, or is made up."""


@dataclass(frozen=True)
class AnomalyAlerts:
    """Listens on the core thread."""

    engine: Engine

    def open(self) -> None:
        """Begin to listen."""
        self.engine.bus.subscribe("anomalies", self.take)

    def take(self, batch: Sequence[Recorded]) -> None:
        """Follow what was committed. A subscriber of the bus."""
        for recorded in batch:
            if isinstance(recorded.event, AnomalySeen) and self._is_fresh(recorded.event):
                self.engine.journal.append(told(recorded.source, recorded.event))

    def _is_fresh(self, seen: AnomalySeen) -> bool:
        closed = seen.candle + (bar := parse_duration(seen.timeframe))
        return self.engine.clock.now() - closed <= FRESH * bar


def told(bot: str, seen: AnomalySeen) -> Alert:
    """One that is of the same matter takes the place of the last."""
    return Alert(f"{seen.market}: {seen.what} ({seen.label})", bot, matter=f"anomaly: {seen.kind}")
