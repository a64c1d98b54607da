"""What the terms of posts earn, by strategy: the newest comparison of each, folded from the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.core.events import Recorded
from services.core.projections.projection import Projection
from services.trading.learning.events import SentimentCompared


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of a strategy with its terms of posts and without them."""

    at: datetime
    told: SentimentCompared


class Comparisons(Projection[dict[str, Comparison], tuple[Comparison, ...]]):
    """By the strategy's own name."""

    name = "trading.comparisons"
    version = 1
    State = dict[str, Comparison]
    handles = (SentimentCompared,)

    def value(self) -> tuple[Comparison, ...]:
        return tuple(self.state[name] for name in sorted(self.state))

    def fold(self, recorded: Recorded) -> None:
        """Take one event; those of other kinds change nothing."""
        event = recorded.event
        if isinstance(event, SentimentCompared):
            self.state[event.strategy] = Comparison(recorded.at, event)


def sentiment_compared(told: dict[str, Any]) -> SentimentCompared:
    """What a backtest's document says of it."""
    compared, without = told["sentiment"], told["sentiment"]["without"]
    return SentimentCompared(
        strategy=told["strategy"],
        market=told["conventions"]["market.symbol"],
        label=told["data"],
        bars=told["bars"],
        verdict=compared["verdict"],
        low=compared["low"],
        high=compared["high"],
        confidence=compared.get("confidence"),
        returned=without["total_return"],
        sharpe=without["sharpe"],
        drawdown=without["max_drawdown"],
        trades=without["trades"],
    )
