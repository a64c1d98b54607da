"""What the kernel's loops hand on to each other: columns of numbers, in a few groups.

Each is a plain tuple with names, so that a compiler takes it apart: what is read of it costs nothing.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.trading.steps.compiled import Floats, Integers

Numbers = NDArray[np.float64]


class Tape(NamedTuple):
    """The columns of bars, and what is computed of them once for all strategies that go over them; see ``tape``."""

    begin: int
    """The first bar that is traded and measured; those before are read."""
    bars: int
    """How many there are in all."""
    opens: Floats
    highs: Floats
    lows: Floats
    closes: Floats
    """With zeros behind, for what reads whole rows."""
    volumes: Floats
    lowest: Floats
    """Of each bar and those behind it, ``LEAP`` together; no number where one of them has none."""
    highest: Floats
    funding: Floats
    """The rate due at each bar's open; empty where nobody knows any."""
    dues: Integers
    """The bars at which one is due."""
    due_count: int
    """How many of those count: none where the market knows no funding."""
    stale: Integers
    """1 at each bar before which too many are missing."""
    breaks: bool
    """Whether there is such a bar."""
    since: Integers
    """How many bars have passed since the latest such bar."""
    spreads: Floats
    """What the sizing measures at each bar; empty where it has no target of volatility."""


class Lanes(NamedTuple):
    """Who decides. Lane l decides for the strategies from ``members[l]`` to before ``members[l + 1]``: where they are
    ``crossing`` by its crosses, and otherwise the first lane by the events that are ``given``."""

    crossing: bool
    groups: int
    """Of so many lanes as go side by side."""
    alphas: Floats
    """Of each group what the newest value weighs in each of its lanes' means; see ``crossings``."""
    means: Floats
    """Of each group where those stand."""
    rows: Integers
    """Of each lane a row, see ``deciding``."""
    members: Integers
    given: Integers
    given_count: int


class Books(NamedTuple):
    """The strategies' rows of numbers, one behind the other."""

    books: Floats
    terms: Floats
    tallies: Floats
    """See ``trading``."""
    sums: Floats
    """See ``measuring``."""
    logs: bool
    log: Floats
    """Where it ``logs``, for one strategy alone: its fills, each with its bar."""


class Workroom(NamedTuple):
    """What is written over and over; one strategy after the other has it."""

    spells: Floats
    """From which bar on a book held what, since the bar that it went on from; see ``trading``."""
    levels: Floats
    """Equity where it may move, and behind it room for a row more; see ``measuring``."""
    ends: Integers
    """Up to which bar it stays there."""
    ways: Integers
    """A byte of each lane at each bar of a stretch, and ..."""
    words: Integers
    """... the same, eight bytes in one number."""
    events: Integers
    """Of each lane those of a stretch."""
    found: Integers
    """How many each lane has."""
    width: int
    """``LANES``, as a number that is not known when this is compiled: a loop of known length would be taken apart
    before it is made one over vectors."""


class Heard(NamedTuple):
    """What was heard by each bar's close, over some bars before it."""

    means: Numbers
    voices: Numbers


class Rule(NamedTuple):
    """How the terms' values at a bar become what is asked for; see ``steps.score``."""

    slots: Integers
    """Where in the pool each term stands."""
    terms: int
    weights: Floats
    required: Floats
    enter: float
    exit_at: float
    shorts: bool
    short_enter: float
    short_exit: float
    warm_up: int
    """Bars without a gap until all terms can speak."""


class Turns(NamedTuple):
    """The numbers of a curl: which turns it tells, and those of ``steps.curl``."""

    ups: bool
    downs: bool
    size: int
    """How much further the state of turns down begins."""
    fast: int
    slow: int
    signal: int
    falls: int
    rises: int
    depth: float
    window: int
    below_zero: bool
    lasts: int
