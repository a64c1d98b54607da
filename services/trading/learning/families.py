"""What counts as the same search: a market, a family of strategies, and one combination of parameters."""

import hashlib

from services.trading.strategy import Strategy

_NO_PART = frozenset({"name", "data", "description"})
"""Keys that change no decision, so another value of one is no other combination."""


def family_of(strategy: Strategy) -> str:
    """The kinds of its terms, such as ``macd_cross+volume``: another name or weight is no other family."""
    return "+".join(sorted({term.kind for term in strategy.weighed.values()}))


def combination_of(strategy: Strategy) -> str:
    """16 hex digits of all that may change a decision or a fill."""
    text = strategy.model_dump_json(exclude=set(_NO_PART))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
