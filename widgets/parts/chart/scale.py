"""Ranges that stay where they are until the values leave them or fill too little of them."""

from __future__ import annotations

from dataclasses import dataclass

_MARGIN = 0.12
_FLAT = 0.1  # of the bounds, on each side of a line that does not move
_FILLED = 0.35  # below this part of the range the range is made anew


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, `high` above `low`."""

    low: float
    high: float


def settled(now: Range | None, low: float, high: float, bounds: Range | None = None) -> Range:
    """The range to show values from `low` to `high` in: the present one wherever that will do.

    The hysteresis keeps labels and grid still while a line moves inside them. What is past the `bounds` of the unit,
    such as 0 and 100 %, is left out of the range.
    """
    if now is not None and _holds(now, low, high) and _fills(now, low, high):
        return now
    if bounds is not None:
        margin = (high - low) * _MARGIN or (bounds.high - bounds.low) * _FLAT
        return Range(max(bounds.low, low - margin), min(bounds.high, high + margin))
    margin = (high - low) * _MARGIN or abs(high) * 0.01 or 1.0
    return Range(low - margin, high + margin)


def settled_time(now: Range | None, first: float, last: float) -> Range:
    """The range of x: its right edge moves on in steps of a hundredth of the span."""
    span = (last - first) or 1.0
    if now is not None and _holds(now, first, last) and _hugs(now, first, last, span * 0.03):
        return now
    return Range(first, last + span * 0.01)


def _holds(now: Range, low: float, high: float) -> bool:
    return now.low <= low and high <= now.high


def _fills(now: Range, low: float, high: float) -> bool:
    return high == low or high - low >= _FILLED * (now.high - now.low)


def _hugs(now: Range, first: float, last: float, slack: float) -> bool:
    return first - now.low <= slack and now.high - last <= slack
