"""What the kernel runs, and by name what it does not. Knows no compiler, so anybody may ask."""

from services.trading.language.terms import MacdCross, MacdCurl, Momentum, VolumeTerm
from services.trading.strategy import Strategy

KEYS = frozenset(
    {
        "name", "market", "timeframe", "data", "macd", "entry", "terms", "enter", "exit", "stop", "trailing", "target",
        "cool_down", "sizing", "capital", "fee", "fee_in", "fill", "slippage", "both_touched", "limit_volume",
        "volume_unit", "max_missing",
    }
)  # fmt: skip
"""Of a strategy's file. Any other is one that the kernel has not learnt."""
SIZINGS = frozenset({"percent", "fixed"})
TERMS = (MacdCross, MacdCurl, VolumeTerm, Momentum)


def unfit(strategy: Strategy) -> tuple[str, ...]:
    """What of it the kernel does not run, such as ``funding``; empty where it runs it whole."""
    found = [key for key in _used(strategy) if key not in KEYS]
    found += [f"sizing.{key}" for key in _used(strategy.sizing) if key not in SIZINGS]
    found += [
        f"terms.{name} ({term.kind})" for name, term in strategy.weighed.items() if not isinstance(term, TERMS)
    ]
    return tuple(found)


def _used(document: object) -> list[str]:
    """The keys whose values are not the ones that they have where a file says nothing."""
    fields = type(document).model_fields  # type: ignore[attr-defined]
    return [key for key, field in fields.items() if getattr(document, key) != field.get_default(call_default_factory=True)]
