"""What the kernel runs, and by name what it does not. Knows no compiler, so anybody may ask."""

from pydantic import BaseModel

from services.trading.language.terms import (
    MacdCross,
    MacdCurl,
    Momentum,
    PluginTerm,
    PostVolume,
    SentimentLevel,
    SentimentMomentum,
    VolumeTerm,
)
from services.trading.strategy import Strategy

KEYS = frozenset(
    {
        "name", "market", "market.symbol", "market.tick", "market.step", "market.min_notional", "market.kind",
        "timeframe", "data", "macd", "macd.fast", "macd.slow", "macd.signal", "entry", "terms", "enter", "exit",
        "short", "short.enter", "short.exit", "stop", "stop.percent", "trailing", "trailing.percent", "target",
        "target.percent", "cool_down", "sizing", "sizing.percent", "sizing.fixed", "sizing.volatility",
        "sizing.volatility.percent", "sizing.volatility.over", "sizing.volatility.window", "execution",
        "execution.limit", "execution.limit.offset", "execution.limit.offset.ticks", "execution.limit.offset.percent",
        "execution.limit.reprice_after", "execution.limit.times", "execution.limit.then", "capital", "fee",
        "fee.percent", "fee_in", "fill", "slippage", "slippage.ticks", "both_touched", "limit_volume",
        "limit_volume.percent", "volume_unit", "max_missing", "max_signal_age", "posts", "posts.match",
        "posts.sources", "posts.recorded", "posts.dead_after", "social_alone",
    }
)  # fmt: skip
"""Of a strategy's file. Any other is one that the kernel has not learnt."""
TERMS = (MacdCross, MacdCurl, VolumeTerm, Momentum, PluginTerm, SentimentLevel, SentimentMomentum, PostVolume)


def unfit(strategy: Strategy) -> tuple[str, ...]:
    """What of it the kernel does not run, such as ``terms.tide (moon)``; empty where it runs it whole."""
    found = [key for key in _said(strategy) if key not in KEYS]
    found += [f"terms.{name} ({term.kind})" for name, term in strategy.weighed.items() if not isinstance(term, TERMS)]
    return tuple(found)


def _said(document: BaseModel, before: str = "") -> list[str]:
    """Every key that its file says, in dots."""
    found = []
    for key in document.model_fields_set:
        found.append(before + key)
        value = document.__dict__[key]
        if _is_document(value):
            found += _said(value, f"{before}{key}.")
    return found


def _is_document(value: object) -> bool:
    """Asked of each key of each of a sweep's strategies, and pydantic takes its time to answer."""
    kind = type(value)
    if kind not in _documents:
        _documents[kind] = issubclass(kind, BaseModel)
    return _documents[kind]


_documents: dict[type, bool] = {}
"""Which types are documents, of those that have been met."""
