"""What the terms of posts earn, as the journal has it."""

from datetime import UTC, datetime

from services.core.events import Recorded
from services.trading.learning.comparisons import Comparisons
from services.trading.learning.events import SentimentCompared

AT = datetime(2026, 1, 1, tzinfo=UTC)


def compared(strategy: str, verdict: str) -> SentimentCompared:
    return SentimentCompared(strategy, "ETH/BTC", "generated", 900, verdict, None, None, None, 0.1, None, 0.2, 3)


def test_the_newest_of_each_strategy_counts_and_comes_through_a_restart() -> None:
    before = Comparisons()
    for seq, event in enumerate((compared("b", "noise"), compared("a", "earns"), compared("b", "costs")), 1):
        before.take(Recorded(seq, AT, "", event))
    after = Comparisons()
    after.thaw(before.freeze())
    assert [(each.told.strategy, each.told.verdict) for each in after.value()] == [("a", "earns"), ("b", "costs")]
