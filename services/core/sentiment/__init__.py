"""Sentiment of short texts by VADER (Hutto and Gilbert, 2014): a lexicon and rules, no model, no network.

Neutral is its weak class, so one score decides nothing by itself; act on means of many.
"""

from functools import cache

from services.core.sentiment.scorer import Scorer, Scores

__all__ = ["Scorer", "Scores", "general"]


@cache
def general() -> Scorer:
    """The scorer of any text, with vaderSentiment's own words alone; its lexicon is read at the first call."""
    return Scorer()
