"""One step function per term: the only source of a term's value, for live, chart, backtest and sweep alike.

A step takes the next closed bar and gives the term's value at it. What it remembers lies in one flat state of float64
numbers, all 0 before the first bar: a list where steps are interpreted, an array where they are compiled. Each step is
told ``at``, where its piece of the state begins, and each has a size, so that many terms lie one behind the other.
Compiled and interpreted steps give the same bits, so the arithmetic is scalar and in a fixed order: no classes, no
exceptions, nothing of numpy's, and no division by zero as long as the parameters are sound (lengths of 1 bar or more).

A term is in [-1, 1], above 0 for buying. NaN is "no data": not ready yet, or nothing to measure with. ``*_warm_up``
gives the 0-based index of a term's first ready bar.
"""
