"""How bars are split for a walk forward: each test window after the bars that its parameters were chosen on.

R. Pardo, "The Evaluation and Optimization of Trading Strategies" (2nd ed. 2008).
"""

import math
from dataclasses import dataclass

from services.core.errors import UserError

LEAST = 2
"""Bars of a test window."""


@dataclass(frozen=True, slots=True)
class Split:
    """Two stretches of bars by index: the parameters are chosen on ``train`` and measured on ``test``."""

    train: range
    test: range


@dataclass(frozen=True, slots=True)
class Plan:
    """How many windows, how the training grows, and what lies between.

    ``ratio`` is how many test windows long the training is (the first one, where it is anchored). The ``embargo`` is
    how many bars between training and test belong to neither: what happens in them still hangs together with both.
    """

    windows: int
    anchored: bool = False
    ratio: float = 3.0
    embargo: int = 0


def splits_of(bars: int, plan: Plan) -> tuple[Split, ...]:
    """The windows, oldest first; the last ends with the last bar, and bars that fit into none are the oldest.

    Raises ``UserError`` where the bars do not suffice.
    """
    if plan.windows < 1:
        raise UserError(f"{plan.windows:,} are no windows", "--windows", "Give 1 or more")
    if not 0 < plan.ratio < math.inf:
        what = f"a training is never {plan.ratio:g} windows long"
        raise UserError(what, "--train", "Give how many test windows long it is, such as 3")
    if plan.embargo < 0:
        raise UserError(f"{plan.embargo:,} is no number of bars", "--embargo", "Give 0 or more, or leave it out")
    length = int((bars - plan.embargo) / (plan.windows + plan.ratio))
    trained = int(plan.ratio * length)
    if length < LEAST or trained < LEAST:
        what = f"{bars:,} bars do not make {plan.windows:,} windows with an embargo of {plan.embargo:,}"
        raise UserError(what, "walk-forward", "Give more bars or fewer windows")
    starts = range(bars - plan.windows * length, bars, length)
    return tuple(_split(start, length, trained, plan) for start in starts)


def newest(bars: int, split: Split) -> range:
    """The training of what would come after the last bar, as long as that of ``split``."""
    return range(bars - len(split.train), bars)


def _split(start: int, length: int, trained: int, plan: Plan) -> Split:
    end = start - plan.embargo
    return Split(range(0 if plan.anchored else end - trained, end), range(start, start + length))
