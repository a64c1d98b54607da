"""Sentiment of short texts by VADER (Hutto and Gilbert, 2014): a lexicon and rules, no model, no network.

Neutral is its weak class, so one score decides nothing by itself; act on means of many.
"""

from functools import cache
from typing import Protocol

NEUTRAL = 0.05
"""VADER's own threshold: scores between minus this and this are neutral."""


class _Analyser(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


def compound(text: str) -> float:
    """The compound score of ``text``, from -1 (most negative) to 1 (most positive)."""
    return float(_analyser().polarity_scores(text)["compound"])


def tone(score: float) -> str:
    """``positive``, ``neutral`` or ``negative``."""
    if abs(score) < NEUTRAL:
        return "neutral"
    return "positive" if score > 0 else "negative"


@cache
def _analyser() -> _Analyser:
    # Imported here: the lexicon is read once, by the worker that needs it, never at start-up.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser: _Analyser = SentimentIntensityAnalyzer()
    return analyser
