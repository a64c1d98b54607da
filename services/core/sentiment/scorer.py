"""The scores of a text: vaderSentiment's four numbers to the last digit, in a fraction of its time."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from services.core.sentiment.valence import Rules, valence_of
from services.core.sentiment.words import PLAIN, Word, Words

_ALPHA = 15
"""About the largest sum of a text; what the compound score is normalised by."""


class Scores(NamedTuple):
    """``compound`` from -1 to 1, to four digits; the shares that are negative, neutral and positive, to three."""

    neg: float
    neu: float
    pos: float
    compound: float


NOTHING = Scores(0.0, 0.0, 0.0, 0.0)
"""Of a text without a word."""


class Scorer:
    """Scores texts one by one. ``extra`` adds words, in lower case, with a valence from -4 to 4 each."""

    def __init__(self, extra: Mapping[str, float] | None = None) -> None:
        self._words = Words(extra)
        self._rules = Rules.read()
        self._emojis = frozenset(self._words.emojis)

    def compound(self, text: str) -> float:
        """From -1 (most negative) to 1 (most positive)."""
        return self.scores(text).compound

    def scores(self, text: str) -> Scores:
        """All four; each as vaderSentiment's ``polarity_scores`` gives it."""
        if not text.isascii() and not self._emojis.isdisjoint(text):
            text = self._told(text)
        words = list(map(self._words.__getitem__, text.split()))
        if not words:
            return NOTHING
        valences = self._valences(words)
        return _together(list(valences.values()), len(words) - len(valences), text)

    def _valences(self, words: list[Word]) -> dict[int, float]:
        """Of each place that says something; elsewhere it is 0."""
        places: list[int] = []
        loud, but = 0, None
        for place, word in enumerate(words):
            if word is PLAIN:
                continue
            loud += word.upper
            if word.valence is not None:
                places.append(place)
            if but is None and word.lower == "but":
                but = place
        capitals, rules = 0 < loud < len(words), self._rules
        valences = {
            place: valence_of(words, place, capitals, rules) for place in places if not _only_of_a_kind(words, place)
        }
        return valences if but is None else _around(but, valences)

    def _told(self, text: str) -> str:
        """Each emoji in words; the white space around them is VADER's."""
        told: list[str] = []
        apart = True
        for mark in text:
            description = self._words.emojis.get(mark)
            if description is None:
                told.append(mark)
            else:
                told.append(description if apart else " " + description)
            apart = mark == " "
        return "".join(told)


def _only_of_a_kind(words: list[Word], place: int) -> bool:
    """In "kind of" the word says nothing friendly."""
    return words[place].lower == "kind" and place + 1 < len(words) and words[place + 1].lower == "of"


def _around(but: int, valences: dict[int, float]) -> dict[int, float]:
    """What stands before "but" counts half, and after it half as much again.

    Of equal valences VADER always turns the first, as often as there are such; so does this.
    """
    for place in valences:
        first = next(each for each, valence in valences.items() if valence == valences[place])
        if first != but:
            valences[first] *= 0.5 if first < but else 1.5
    return valences


def _together(valences: list[float], silent: int, text: str) -> Scores:
    """Of the words' valences, and how many other words there are."""
    total = float(sum(valences))
    emphasis = _emphasis(text)
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    positive = negative = 0.0
    for valence in valences:
        if valence > 0:
            positive += valence + 1  # the neutral ones count 1 each
        elif valence < 0:
            negative += valence - 1
        else:
            silent += 1
    if positive > abs(negative):
        positive += emphasis
    elif positive < abs(negative):
        negative -= emphasis
    whole = positive + abs(negative) + silent
    return Scores(
        round(abs(negative / whole), 3),
        round(abs(silent / whole), 3),
        round(abs(positive / whole), 3),
        round(_normal(total), 4),
    )


def _emphasis(text: str) -> float:
    """What exclamation marks (up to four) and question marks (from two on) add."""
    if "!" not in text and "?" not in text:
        return 0.0
    asked = text.count("?")
    questions = 0.0 if asked < 2 else (asked * 0.18 if asked <= 3 else 0.96)
    return min(text.count("!"), 4) * 0.292 + questions


def _normal(total: float) -> float:
    score = total / math.sqrt(total * total + _ALPHA)
    if score > 1.0:
        return 1.0
    return score if score >= -1.0 else -1.0
