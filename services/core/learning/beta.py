"""The Beta distribution, for beliefs about a rate: its cumulative distribution without any numeric library.

The regularised incomplete beta function as a continued fraction (DLMF 8.17.22), evaluated by the modified Lentz
method (Press et al., Numerical Recipes, 3rd ed., 6.4), on the side of the mean where it converges fast.
"""

import math
from functools import lru_cache

_EPSILON = 1e-15
_TINY = 1e-300
_STEPS = 10_000


@lru_cache(maxsize=4096)
def beta_cdf(a: float, b: float, x: float) -> float:
    """P(X <= x) for X ~ Beta(a, b). Right to 1e-10 while ``a + b`` stays under some ten thousand.

    Raises ``ValueError`` unless ``a`` and ``b`` are positive.
    """
    if not (a > 0 and b > 0):
        raise ValueError(f"Beta({a}, {b}) is no distribution: both numbers must be positive")
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(a, b, x) / a)
    return max(0.0, 1.0 - front * _fraction(b, a, 1.0 - x) / b)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction 1/(1 + d1/(1 + d2/(1 + ...)))."""
    c = 1.0
    d = 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + step * d)
            c = _away_from_zero(1.0 + step / c)
            value *= c * d
        if abs(c * d - 1.0) <= _EPSILON:
            return value
    raise ArithmeticError(f"the incomplete beta function did not converge at a={a}, b={b}, x={x}")


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
