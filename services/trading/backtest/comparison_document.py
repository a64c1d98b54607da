"""What ``backtest --compare-sentiment --json`` says beside the backtest's own document."""

from typing import Any

from services.trading.backtest.comparing import Comparison
from services.trading.results.document import document

METHOD = (
    "stationary block bootstrap of the bars' paired returns (Politis and Romano, 1994), mean block length by Politis "
    "and White (2004, corrected 2009), percentile interval"
)
_TOLD = ("final_equity", "total_return", "max_drawdown", "sharpe", "win_rate", "trades", "fees", "undefined")


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
