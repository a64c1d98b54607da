"""A tick of prices or a step of quantities as two whole numbers."""

from decimal import Decimal
from functools import lru_cache


@lru_cache(maxsize=256)
def grid(size: float) -> tuple[float, float]:
    """A tick or step as ``part / scale``, both whole: 0.025 is 25 / 1000."""
    _, digits, exponent = Decimal(str(size)).normalize().as_tuple()
    assert isinstance(exponent, int), "a size is finite"
    whole = int("".join(str(digit) for digit in digits))
    return (float(whole * 10**exponent), 1.0) if exponent >= 0 else (float(whole), float(10**-exponent))
