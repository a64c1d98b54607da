"""Finding a command by what a person types of it: words, beginnings of words, initials. No Qt here."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")
_EXACT, _WHOLE_START, _START, _WHOLE, _BEGINNING, _INITIALS, _INSIDE = 100, 45, 40, 34, 30, 20, 8
_MOST_PIECES = 3
_NEAR = 2
"""The next word, or the one after it: between more words the letters would only be scattered."""
_LEAST_INSIDE = 3
"""Letters from which on a part of the middle of a word is no chance."""


def score(needle: str, text: str) -> int | None:
    """How well what is typed fits ``text``; None where it does not.

    Every word of ``needle`` must be there: best as all of the text, then as its beginning, as the beginning of one of
    its words, as beginnings of up to three words from the first on that stand near each other (``gtr`` is Go to
    Trading), and last as a part of a word. Letters that are only scattered over the text are no fit.
    """
    wanted, letters = needle.casefold().split(), text.casefold()
    if " ".join(wanted) == letters:
        return _EXACT
    found = [_word_score(word, letters) for word in wanted]
    return sum(each for each in found if each is not None) if found and None not in found else None


def _word_score(word: str, letters: str) -> int | None:
    if letters.startswith(word):
        return _WHOLE_START if _ends_at(letters, len(word)) else _START
    starts = [match.start() for match in _WORD.finditer(letters)]
    places = [start for start in starts if letters.startswith(word, start)]
    if places:
        return _WHOLE if any(_ends_at(letters, place + len(word)) for place in places) else _BEGINNING
    pieces = _pieces(word, letters, starts)
    if pieces is not None:
        return _INITIALS - pieces
    return _INSIDE if len(word) >= _LEAST_INSIDE and word in letters else None


def _ends_at(letters: str, place: int) -> bool:
    """Whether a word of the text ends there."""
    return place >= len(letters) or not letters[place].isalnum()


def _pieces(word: str, letters: str, starts: list[int]) -> int | None:
    """Of how many beginnings of words, the first of them the text's first, ``word`` is made; None if of too many."""
    return _continued(word, letters, starts[1:], 1, starts[0]) if starts else None


def _continued(word: str, letters: str, later: list[int], used: int, at: int) -> int | None:
    longest = 0
    while longest < len(word) and at + longest < len(letters) and letters[at + longest] == word[longest]:
        longest += 1
    if longest == len(word):
        return used
    if used == _MOST_PIECES:
        return None
    for length in range(longest, 0, -1):
        for place, start in enumerate(later[:_NEAR]):
            found = _continued(word[length:], letters, later[place + 1 :], used + 1, start)
            if found is not None:
                return found
    return None
