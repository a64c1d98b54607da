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


@dataclass(frozen=True, slots=True)
class Word:
    """One spelling of a word, without the punctuation around it."""

    lower: str
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
        phrases = [
            phrase.split() for phrase in (*vaderSentiment.SPECIAL_CASES, *vaderSentiment.BOOSTER_DICT) if " " in phrase
        ]
        self._idioms = {first: frozenset(each[1] for each in phrases if each[0] == first) for first, *_ in phrases}

    def __missing__(self, token: str) -> Word:
        stripped = token.strip(string.punctuation)
        word = self._word(stripped if len(stripped) > 2 else token)
        if len(token) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[token] = word
        return word

    def _word(self, text: str) -> Word:
        lower = text.lower()
        known, boost = lower in self._lexicon, self._boosts.get(lower)
        negates = lower in self._negations or "n't" in lower
        return Word(
            lower=lower,
            upper=text.isupper(),
            known=known,
            valence=self._lexicon[lower] if known and boost is None else None,
            boost=boost or 0.0,
            negates=negates,
            plain=boost is None and not negates and lower not in TURNING,
            idiom=self._idioms.get(lower, frozenset()),
        )
