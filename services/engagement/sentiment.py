"""The tone of what people write to us: VADER's scores of any text, and what they are called.

Neutral is its weak class, so one score decides nothing by itself; act on means of many.
"""

from services.core.sentiment import general

NEUTRAL = 0.05
"""VADER's own threshold: scores between minus this and this are neutral."""


def compound(text: str) -> float:
    """The compound score of ``text``, from -1 (most negative) to 1 (most positive)."""
    return general().compound(text)


def tone(score: float) -> str:
    """``positive``, ``neutral`` or ``negative``."""
    if abs(score) < NEUTRAL:
        return "neutral"
    return "positive" if score > 0 else "negative"
