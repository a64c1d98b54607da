"""What VADER knows of a word, looked up once for each spelling."""

import string
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 40
"""Longer spellings are looked up each time: they hardly come twice."""
MOST = 50_000
"""So many spellings are remembered; then all are forgotten, so that a stream of odd ones takes no more memory."""

TURNING = frozenset({"so", "this", "doubt", "least", "no", "or", "nor"})
"""Words that turn another by where they stand, though they are no boosters."""
AROUND = frozenset({"but", "kind", "of", "at", "very"})
"""Words that are looked for around others."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spelling of a word, without the punctuation around it."""

    lower: str
    """In lower case; empty where no rule asks about it."""
    upper: bool
    """It is written in capitals."""
    known: bool
    """It stands in the lexicon."""
    valence: float | None
    """What the lexicon says of it; None of a word that is not in it, and of one that only turns others up or down."""
    boost: float
    """How much it turns the words after it up (above 0) or down."""
    negates: bool
    plain: bool
    """It has no effect on the words after it, but for an idiom."""
    idiom: frozenset[str]
    """The words that may come next in an idiom that begins with it."""


def _of_no_account(*, upper: bool) -> Word:
    return Word("", upper, known=False, valence=None, boost=0.0, negates=False, plain=True, idiom=frozenset())


PLAIN, LOUD = _of_no_account(upper=False), _of_no_account(upper=True)
"""Every word that no rule asks about: most words of most texts."""


class Words(dict[str, Word]):
    """Each spelling's ``Word``, by the token as it stands in the text; filled as texts come."""

    def __init__(self, extra: Mapping[str, float] | None = None) -> None:
        super().__init__()
        # Imported here: the lexicon is read by the worker that needs it, never at start-up.
        from vaderSentiment import vaderSentiment

        analyser = vaderSentiment.SentimentIntensityAnalyzer()
        self._lexicon: dict[str, float] = {**analyser.lexicon, **(extra or {})}
        self.emojis: dict[str, str] = {mark: told for mark, told in analyser.emojis.items() if len(mark) == 1}
        """The description of each emoji of one code point; of longer ones VADER takes the points one by one."""
        self._boosts: dict[str, float] = vaderSentiment.BOOSTER_DICT
        self._negations = frozenset(vaderSentiment.NEGATE)
        phrases = [phrase.split() for phrase in (*vaderSentiment.SPECIAL_CASES, *vaderSentiment.BOOSTER_DICT)]
        pairs = [phrase for phrase in phrases if len(phrase) > 1]
        self._idioms = {first: frozenset(each[1] for each in pairs if each[0] == first) for first, *_ in pairs}
        asked = {word for phrase in phrases for word in phrase} | TURNING | AROUND | self._negations
        self._asked = frozenset(asked | self._lexicon.keys())
        self._made: dict[tuple[str, bool], Word] = {}

    def __missing__(self, token: str) -> Word:
        stripped = token.strip(string.punctuation)
        text = stripped if len(stripped) > 2 else token
        lower = text.lower()
        if lower in self._asked or "n't" in lower:
            word = self._word(lower, text.isupper())
        else:
            word = LOUD if text.isupper() else PLAIN
        if len(token) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[token] = word
        return word

    def _word(self, lower: str, upper: bool) -> Word:
        """One that a rule asks about: the same for each way to punctuate it."""
        word = self._made.get((lower, upper))
        if word is None:
            word = self._new(lower, upper)
            if lower in self._asked:
                self._made[lower, upper] = word
        return word

    def _new(self, lower: str, upper: bool) -> Word:
        known, boost = lower in self._lexicon, self._boosts.get(lower)
        negates = lower in self._negations or "n't" in lower
        return Word(
            lower=lower,
            upper=upper,
            known=known,
            valence=self._lexicon[lower] if known and boost is None else None,
            boost=boost or 0.0,
            negates=negates,
            plain=boost is None and not negates and lower not in TURNING,
            idiom=self._idioms.get(lower, frozenset()),
        )
