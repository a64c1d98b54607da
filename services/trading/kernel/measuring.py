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
"""Equity at the last close, and the least of any bar before it."""
DEEPEST, FALL_BARS, RECOVERED = 10, 11, 12
"""The deepest fall as a share of its peak; its bars until equity was there again; 1 if it came to be."""
LEVEL, PEAK, LOWEST = 13, 14, 15
"""The peak so far, its bar, and the least equity since."""
LAST = 16
"""The number of the last bar."""
MEASURES = 17
BLOCK = 64
"""Bars that are added up plainly."""


@step
def measured(spells: Floats, count: int, closes: Floats, bars: int, capital: float, sums: Floats) -> None:
    """Go through all bars once; ``sums`` are zeros before."""
    before = capital
    sums[LEVEL], sums[PEAK], sums[LOWEST], sums[LEAST] = capital, -1.0, capital, capital
    sums[LAST] = bars - 1
    for spell in range(count):
        start, cash, held = int(spells[spell * SPELL]), spells[spell * SPELL + 1], spells[spell * SPELL + 2]
        end = int(spells[(spell + 1) * SPELL]) if spell + 1 < count else bars
        first = worth(cash, held, closes[start])
        change = first / before - 1.0
        add(sums, RETURNS, change)
        add(sums, SQUARES, change * change)
        add(sums, DOWNSIDE, change * change if change < 0.0 else 0.0)
        add(sums, WORTH, first)
        level(sums, start, first)
        before = first
        if held == 0.0:
            add(sums, WORTH, (end - start - 1) * cash)
        else:
            held_through(cash, held, closes, start + 1, end, sums)
            before = worth(cash, held, closes[end - 1])
    sums[FINAL] = before
    fallen(sums, bars - 1, 0.0)


@step
def held_through(cash: float, held: float, closes: Floats, start: int, end: int, sums: Floats) -> None:
    """The bars of a spell after its first one."""
    while start < end:
        stop = min(start + BLOCK, end)
        returns, squares, downside, total = 0.0, 0.0, 0.0, 0.0
        before = worth(cash, held, closes[start - 1])
        for bar in range(start, stop):
            equity = worth(cash, held, closes[bar])
            change = equity / before - 1.0
            before = equity
            returns += change
            squares += change * change
            downside += change * change if change < 0.0 else 0.0
            total += equity
            if equity >= sums[LEVEL] or equity < sums[LOWEST]:
                level(sums, bar, equity)
        add(sums, RETURNS, returns)
        add(sums, SQUARES, squares)
        add(sums, DOWNSIDE, downside)
        add(sums, WORTH, total)
        start = stop


@step
def level(sums: Floats, bar: int, equity: float) -> None:
    """Equity stands at a peak, or lower than ever since the last one."""
    if equity >= sums[LEVEL]:
        fallen(sums, bar, 1.0)
        sums[LEVEL], sums[PEAK], sums[LOWEST] = equity, bar, equity
    elif equity < sums[LOWEST]:
        sums[LOWEST] = equity
    if bar < sums[LAST]:
        sums[LEAST] = min(sums[LEAST], equity)


@step
def fallen(sums: Floats, bar: int, recovered: float) -> None:
    """A fall has ended at ``bar``; keep it if it is the deepest."""
    fall = 1.0 - sums[LOWEST] / sums[LEVEL] if sums[LOWEST] < sums[LEVEL] else 0.0
    if fall > sums[DEEPEST]:
        sums[DEEPEST], sums[FALL_BARS], sums[RECOVERED] = fall, bar - sums[PEAK], recovered


@step
def spread(spells: Floats, count: int, closes: Floats, bars: int, capital: float, mean: float) -> float:
    """The sum of the squared differences of the bars' returns from their ``mean``, for where squares alone tell too
    little of it."""
    before, total, lost = capital, 0.0, 0.0
    for spell in range(count):
        start, cash, held = int(spells[spell * SPELL]), spells[spell * SPELL + 1], spells[spell * SPELL + 2]
        end = int(spells[(spell + 1) * SPELL]) if spell + 1 < count else bars
        for bar in range(start, end):
            equity = worth(cash, held, closes[bar])
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
