"""What a word of the lexicon says where it stands: turned by capitals, and by the words around it.

Each rule and the order of the sums are vaderSentiment's, so that its results come out to the last bit; its numbers and
word lists are read from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from services.core.sentiment.words import Word

NEAR, FAR = 0.95, 0.9
"""How much of a booster's effect is left over one word between, and over two."""
INTENSE = 1.25
"""How much "never so" turns a word up."""


@dataclass(frozen=True, slots=True)
class Rules:
    """VADER's numbers and phrases."""

    capitals: float
    negation: float
    idioms: Mapping[str, float]
    boosts: Mapping[str, float]

    @classmethod
    def read(cls) -> Self:
        from vaderSentiment import vaderSentiment

        return cls(
            vaderSentiment.C_INCR, vaderSentiment.N_SCALAR, vaderSentiment.SPECIAL_CASES, vaderSentiment.BOOSTER_DICT
        )


def valence_of(words: Sequence[Word], at: int, capitals: bool, rules: Rules) -> float:
    """Of the word of the lexicon at that place; ``capitals`` is whether some words have them, and not all."""
    word, before = words[at], words[max(at - 3, 0) : at]
    valence = word.valence or 0.0
    if word.lower == "no" and at + 1 < len(words) and words[at + 1].known:
        valence = 0.0  # it then negates that word, and says nothing itself
    settled = True
    for each in before:
        settled = settled and each.plain
    if not settled and _no_before(before):
        valence = (word.valence or 0.0) * rules.negation
    if capitals and word.upper:
        valence = valence + rules.capitals if valence > 0 else valence - rules.capitals
    if not settled:
        for distance in range(1, len(before) + 1):
            each = before[-distance]
            if not each.known:
                valence += _boost(each, distance, valence, capitals, rules)
                valence *= _TURNED[distance - 1](before, rules)
    if len(before) == 3 and not before[0].known and _in_idiom(words, at):
        valence = _idioms(words, at, valence, rules)
    return valence * rules.negation if not settled and _least_before(before) else valence


def _no_before(before: Sequence[Word]) -> bool:
    told = [each.lower for each in before]
    return "no" in told[-2:] or (len(told) == 3 and told[0] == "no" and told[2] in ("or", "nor"))


def _boost(word: Word, distance: int, valence: float, capitals: bool, rules: Rules) -> float:
    """What a word so many places before adds."""
    boost = word.boost
    if boost == 0.0:
        return 0.0
    if valence < 0:
        boost *= -1
    if capitals and word.upper:
        boost = boost + rules.capitals if valence > 0 else boost - rules.capitals
    if distance == 1:
        return boost
    return boost * (NEAR if distance == 2 else FAR)


def _first_before(before: Sequence[Word], rules: Rules) -> float:
    """What the word right before multiplies by."""
    return rules.negation if before[-1].negates else 1.0


def _second_before(before: Sequence[Word], rules: Rules) -> float:
    second, first = before[-2], before[-1].lower
    if second.lower == "never" and first in _SO:
        return INTENSE
    if second.lower == "without" and first == "doubt":
        return 1.0
    return rules.negation if second.negates else 1.0


def _third_before(before: Sequence[Word], rules: Rules) -> float:
    third, second, first = before[-3], before[-2].lower, before[-1].lower
    # "so" and "this" right before do it without any "never": VADER's own precedence of "and" and "or".
    if (third.lower == "never" and second in _SO) or first in _SO:
        return INTENSE
    if third.lower == "without" and "doubt" in (second, first):
        return 1.0
    return rules.negation if third.negates else 1.0


def _least_before(before: Sequence[Word]) -> bool:
    if not before or before[-1].lower != "least" or before[-1].known:
        return False
    return len(before) < 2 or before[-2].lower not in ("at", "very")


def _in_idiom(words: Sequence[Word], at: int) -> bool:
    for place in range(at - 3, min(at + 1, len(words) - 1)):
        word = words[place]
        if word.idiom and words[place + 1].lower in word.idiom:
            return True
    return False


def _idioms(words: Sequence[Word], at: int, valence: float, rules: Rules) -> float:
    """Phrases with the word in them, or right before it, say something of their own."""
    three, two, one, here, *after = (word.lower for word in words[at - 3 : at + 3])
    phrases = (f"{one} {here}", f"{two} {one} {here}", f"{two} {one}", f"{three} {two} {one}", f"{three} {two}")
    found = next((phrase for phrase in phrases if phrase in rules.idioms), None)
    if found is not None:
        valence = rules.idioms[found]
    for follow in range(1, len(after) + 1):
        valence = rules.idioms.get(" ".join((here, *after[:follow])), valence)
    for phrase in (phrases[3], phrases[4], phrases[2]):
        valence += rules.boosts.get(phrase, 0.0)
    return valence


_SO = ("so", "this")
_TURNED = (_first_before, _second_before, _third_before)
