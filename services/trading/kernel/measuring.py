"""What equity did between fills, in the sums that the statistics are made of.

Within a spell neither cash nor coins change, so equity follows the closes alone. Sums of few bars are added up with
what rounding takes from them, so that a long series measures as exactly as ``services.trading.statistics`` does.
"""

from services.trading.kernel.trading import SPELL
from services.trading.steps.book import worth
from services.trading.steps.compiled import Floats, step

RETURNS, SQUARES, DOWNSIDE, WORTH = 0, 2, 4, 6
"""Sums over all bars of the returns, of their squares, of the losing ones' squares, and of equity; each is two numbers:
the sum, and what rounding took from it."""
FINAL, LEAST = 8, 9
"""Equity at the last close, and the least of any bar."""
DEEPEST, FALL_BARS, RECOVERED = 10, 11, 12
"""The deepest fall as a share of its peak; its bars until equity was there again; 1 if it came to be."""
PEAK = 13
"""The bar of the latest peak, -1 for the capital."""
MEASURES = 14
BLOCK = 64
"""Bars that are added up plainly."""


@step
def measured(spells: Floats, count: int, closes: Floats, bars: int, capital: float, sums: Floats) -> None:
    """Go through all bars once; ``sums`` are zeros before."""
    before, taken = capital, 0
    returns, squares, downside, total = 0.0, 0.0, 0.0, 0.0
    level, lowest = capital, capital
    sums[PEAK], sums[LEAST] = -1.0, capital
    for spell in range(count):
        row = spell * SPELL
        start, cash, held, owed = int(spells[row]), spells[row + 1], spells[row + 2], spells[row + 3]
        end = int(spells[(spell + 1) * SPELL]) if spell + 1 < count else bars
        # Without coins equity does not move, and the bars after the first add nothing to any return.
        moves = end if held != 0.0 else min(start + 1, end)
        total += (end - moves) * worth(cash, 0.0, owed, closes[start])
        bar = start
        while bar < moves:
            stop = min(moves, bar + BLOCK)
            taken += stop - bar
            while bar < stop:
                equity = worth(cash, held, owed, closes[bar])
                change = equity / before - 1.0
                before = equity
                loss = min(change, 0.0)
                returns += change
                squares += change * change
                downside += loss * loss
                total += equity
                if equity >= level:
                    fallen(sums, level, lowest, bar, 1.0)
                    level, lowest = equity, equity
                    sums[PEAK] = bar
                lowest = min(lowest, equity)
                bar += 1
            if taken >= BLOCK:
                put(sums, returns, squares, downside, total)
                returns, squares, downside, total, taken = 0.0, 0.0, 0.0, 0.0, 0
        if end > moves and before >= level:
            sums[PEAK] = end - 1
    put(sums, returns, squares, downside, total)
    fallen(sums, level, lowest, bars - 1, 0.0)
    sums[FINAL] = before


@step
def put(sums: Floats, returns: float, squares: float, downside: float, total: float) -> None:
    """Add what a few bars made to the sums of all."""
    add(sums, RETURNS, returns)
    add(sums, SQUARES, squares)
    add(sums, DOWNSIDE, downside)
    add(sums, WORTH, total)


@step
def fallen(sums: Floats, level: float, lowest: float, bar: int, recovered: float) -> None:
    """A fall from ``level`` has ended at ``bar``; keep it if it is the deepest."""
    sums[LEAST] = min(sums[LEAST], lowest)
    fall = 1.0 - lowest / level if lowest < level else 0.0
    if fall > sums[DEEPEST]:
        sums[DEEPEST], sums[FALL_BARS], sums[RECOVERED] = fall, bar - sums[PEAK], recovered


@step
def spread(spells: Floats, count: int, closes: Floats, bars: int, capital: float, mean: float) -> float:
    """The sum of the squared differences of the bars' returns from their ``mean``, for where squares alone tell too
    little of it."""
    before, total, lost = capital, 0.0, 0.0
    for spell in range(count):
        row = spell * SPELL
        start, cash, held, owed = int(spells[row]), spells[row + 1], spells[row + 2], spells[row + 3]
        end = int(spells[(spell + 1) * SPELL]) if spell + 1 < count else bars
        for bar in range(start, end):
            equity = worth(cash, held, owed, closes[bar])
            off = equity / before - 1.0 - mean
            before = equity
            term = off * off - lost
            next_ = total + term
            lost = next_ - total - term
            total = next_
    return total


@step
def add(sums: Floats, at: int, value: float) -> None:
    """Add to a sum of two numbers (Neumaier)."""
    total = sums[at] + value
    if abs(sums[at]) >= abs(value):
        sums[at + 1] += (sums[at] - total) + value
    else:
        sums[at + 1] += (value - total) + sums[at]
    sums[at] = total
