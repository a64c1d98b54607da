"""An exit that a strategy decided: wanted until it is carried out, whatever kept the account from taking it on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.core.process.context import Because, Position
from services.trading.desk.asking import LeavePosition
from services.trading.live.standing import Standing
from services.trading.venue.live_bar import LiveBar

_KEPT = "leaving"
"""Its name in the run's position."""


@dataclass(frozen=True)
class Leaving:
    """Decided at the ``close`` of a bar, of what had been entered by an earlier one, and of nothing that came later."""

    effect: LeavePosition
    because: Because
    close: datetime

    @classmethod
    def decided(cls, bot: str, symbol: str, bar: LiveBar, why: str, because: Because) -> "Leaving":
        effect = LeavePosition(bot, symbol, bar.candle.time.isoformat(), why)
        return cls(effect, because, bar.candle.time + bar.timeframe)

    @classmethod
    def recalled(cls, position: Position | None) -> "Leaving | None":
        """The one that a run which ended was still to carry out; None for none, or where that cannot be read."""
        kept: dict[str, Any] = (position or {}).get(_KEPT) or {}
        try:
            close = datetime.fromisoformat(kept["close"])
            return cls(LeavePosition.decode(kept["effect"].encode()), "decided before it began anew", close)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def concerns(self, standing: Standing) -> bool:
        """Whether there is still something to leave by it."""
        return standing.busy and (standing.entered is None or standing.entered < self.close)


def kept(leaving: Leaving | None) -> Position:
    """What a run keeps, so that the next one goes on wanting it."""
    if leaving is None:
        return {}
    return {_KEPT: {"effect": leaving.effect.encode().decode(), "close": leaving.close.isoformat()}}
