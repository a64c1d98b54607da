"""What a backtest with posts leaves behind beside the one without, and how ``--compare-sentiment --json`` tells it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.trading.results.document import document
from services.trading.results.result import BacktestResult
from services.trading.statistics.interval import Interval

METHOD = (
    "stationary block bootstrap of the bars' paired returns (Politis and Romano, 1994), mean block length by Politis "
    "and White (2004, corrected 2009), percentile interval"
)
_TOLD = ("final_equity", "total_return", "max_drawdown", "sharpe", "win_rate", "trades", "fees", "undefined")


class Verdict(StrEnum):
    """What can be said of the difference."""

    EARNS = "earns"
    COSTS = "costs"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both passes, and how sure their difference is."""

    with_posts: BacktestResult
    without_posts: BacktestResult
    interval: Interval | None
    """Of the mean difference of the bars' returns, with less without; None where it does not exist."""
    why: str = ""
    """Why there is none."""

    @property
    def verdict(self) -> Verdict:
        """Noise unless the whole interval lies on one side of 0."""
        if self.interval is None or self.interval.noise:
            return Verdict.NOISE
        return Verdict.EARNS if self.interval.low > 0 else Verdict.COSTS


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Shares are fractions: the mean difference and its interval are of a bar's return, with the terms less without."""
    interval = comparison.interval
    plain = document(comparison.without_posts)
    told: dict[str, Any] = {"verdict": str(comparison.verdict), "without": {name: plain[name] for name in _TOLD}}
    if interval is None:
        return told | {"mean": None, "low": None, "high": None, "why": comparison.why, "method": METHOD}
    return told | {
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "confidence": interval.confidence,
        "block_bars": interval.block,
        "resamples": interval.resamples,
        "method": METHOD,
    }
