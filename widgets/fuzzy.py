"""Finding a command by some of its letters."""

from __future__ import annotations

_START, _NEXT, _WORD, _GAP = 8, 7, 6, -1


def score(needle: str, text: str) -> int | None:
    """How well `needle`'s letters, in order, are found in `text`; None if they are not.

    Letters at the beginning, at the beginnings of words and one after the other count more.
    """
    wanted, letters = needle.casefold().replace(" ", ""), text.casefold()
    total, last = 0, -1
    for letter in wanted:
        place = letters.find(letter, last + 1)
        if place < 0:
            return None
        word = _word_start(letters, letter, last + 1)
        if word is not None and place != last + 1:
            place = word
        total += _worth(letters, place, last)
        last = place
    return total


def _worth(letters: str, place: int, last: int) -> int:
    if place == 0:
        return _START
    if place == last + 1:
        return _NEXT
    return _WORD if not letters[place - 1].isalnum() else max(-6, _GAP * (place - last))


def _word_start(letters: str, letter: str, start: int) -> int | None:
    place = letters.find(letter, start)
    while place >= 0:
        if place == 0 or not letters[place - 1].isalnum():
            return place
        place = letters.find(letter, place + 1)
    return None
