"""What counts as the same search: a market, a family of strategies, and one combination of parameters."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.trading.learning.values import Value
from services.trading.strategy import GENERATED, Strategy

_NO_PART = frozenset({"name", "data"})
"""Keys that change no decision, so another value of one is no other combination."""


def family_of(strategy: Strategy) -> str:
    """The kinds of its terms, such as ``macd_cross+volume``: another name or weight is no other family."""
    return "+".join(sorted({term.kind for term in strategy.weighed.values()}))


def market_of(strategy: Strategy, label: str) -> str:
    """The market that a search on candles of that ``label`` counts for. What is found on generated ones says nothing
    of the real market, nor that of them: they are a market of their own."""
    symbol = strategy.market.symbol
    return f"{symbol}, {GENERATED}" if label.partition(":")[0] == GENERATED else symbol


def combination_of(strategy: Strategy) -> str:
    """16 hex digits of all that may change a decision or a fill."""
    return next(combinations_of(strategy, [{}]))


def combinations_of(strategy: Strategy, varied: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    """The same of each strategy that other values under dotted keys make of this one; a million in half a minute."""
    whole = strategy.model_dump(mode="json", exclude=set(_NO_PART))
    fields = {key: _plain(value) for key, value in _flat(whole)}
    for values in varied:
        told = sorted((fields | {key: _plain(value) for key, value in values.items()}).items())
        yield hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _flat(fields: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its dotted key; what is not there is not told."""
    for key, value in fields.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        elif value is not None:
            yield before + key, value


def _plain(value: Any) -> Any:
    """8 and 8.0 are one value."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
