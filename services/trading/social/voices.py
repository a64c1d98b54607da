"""Who was heard in the time up to a moment, and what they said together."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from services.trading.social.scoring import STEPS


class Heard(NamedTuple):
    """What a term of posts takes of a bar; both are NaN where no feed was alive."""

    mean: float
    """The mean compound score of the voices, from -1 to 1; 0 where there is none."""
    voices: float
    """How many there were: authors, copies taken for one."""


DEAF = Heard(math.nan, math.nan)
"""No feed was alive."""
SILENT = Heard(0.0, 0.0)
"""A feed was alive, and nobody said anything."""


@dataclass(frozen=True, slots=True)
class Said:
    """A post that is about the market, with its score in ``STEPS``."""

    known_at: int
    key: tuple[str, str]
    """Its source and id."""
    author: tuple[str, str]
    """The source, and the author there."""
    copy: str
    """What copies have in common."""
    steps: int


class Voices:
    """The posts of the last ``span`` microseconds; each author counts once, by the latest post, and copies count once.

    Each reading is counted afresh of the posts in the window, in whole numbers: it depends on them alone, so a start at
    any earlier moment gives the same bits.
    """

    def __init__(self, span: int) -> None:
        self._span = span
        self._said: OrderedDict[tuple[str, str], Said] = OrderedDict()
        self._latest: Heard | None = None
        """What was read last, while it holds."""

    def take(self, said: Said) -> None:
        """The next post, in the order in which they were known; an earlier version of it is no more."""
        self.drop(said.key)
        self._said[said.key] = said
        self._latest = None

    def drop(self, key: tuple[str, str]) -> None:
        """That post is no more."""
        if self._said.pop(key, None) is not None:
            self._latest = None

    def at(self, moment: int) -> Heard:
        """Of the posts known after ``moment`` - span and by ``moment``; moments are asked in order."""
        while self._said and next(iter(self._said.values())).known_at <= moment - self._span:
            self._said.popitem(last=False)
            self._latest = None
        if self._latest is None:
            self._latest = self._counted()
        return self._latest

    def _counted(self) -> Heard:
        by_author = {said.author: said for said in self._said.values()}
        voices = {said.copy: said.steps for said in by_author.values()}
        return Heard(sum(voices.values()) / (STEPS * len(voices)), float(len(voices))) if voices else SILENT
