"""The Beta distribution against values of an arbitrary-precision library and against two exact identities."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.learning.beta import beta_cdf

KNOWN = [
    (4.5, 0.5, 0.8, 0.1678506560570749),
    (4.5, 2.5, 0.8, 0.8036070507524168),
    (12.5, 4.5, 0.8, 0.7075294330248369),
    (24.5, 10.5, 0.8, 0.9105542166018903),
    (0.5, 4.5, 0.05, 0.4913535084036555),
    (30.5, 4.5, 0.85, 0.314041290848),
    (250.5, 50.5, 0.8, 0.07202668685447358),
    (3000.5, 700, 0.8, 0.04765754232210091),
    (8000, 2000.5, 0.805, 0.8967005963934028),
    (0.02, 0.03, 0.5, 0.6000927148013271),
    (1.25, 99.75, 0.03, 0.9256846605617502),
]


@pytest.mark.parametrize(("a", "b", "x", "expected"), KNOWN)
def test_known_values_are_met_to_ten_digits(a, b, x, expected):
    assert beta_cdf(a, b, x) == pytest.approx(expected, abs=1e-10)


def test_a_tail_far_out_keeps_its_relative_precision():
    assert beta_cdf(4.5, 0.5, 0.001) == pytest.approx(8.183842849044719e-15, rel=1e-10)


@given(st.integers(1, 40), st.integers(1, 40), st.fractions(0, 1, max_denominator=1000))
def test_whole_numbers_give_the_exact_binomial_tail(a, b, x):
    n = a + b - 1
    tail = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_cdf(a, b, float(x)) == pytest.approx(float(Fraction(tail)), abs=1e-10)


@given(st.floats(0.001, 0.999))
def test_one_half_and_one_half_is_the_arcsine_law(x):
    assert beta_cdf(0.5, 0.5, x) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)), abs=1e-10)


def test_outside_zero_and_one_all_or_nothing_lies_below():
    assert (beta_cdf(2, 3, -1), beta_cdf(2, 3, 0), beta_cdf(2, 3, 1), beta_cdf(2, 3, 7)) == (0, 0, 1, 1)


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, 0), (-1, 2), (math.nan, 1)])
def test_numbers_that_make_no_distribution_are_refused(a, b):
    with pytest.raises(ValueError, match="positive"):
        beta_cdf(a, b, 0.5)
