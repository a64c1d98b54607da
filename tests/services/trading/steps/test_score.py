"""The score of a bar, by hand."""

from math import isnan, nan

import pytest

from services.trading.steps.score import required_hold, score


def test_the_score_is_the_weighted_mean() -> None:
    assert score([1.0, -0.5], [3.0, 1.0], 2) == 0.625


def test_a_term_without_data_counts_as_zero_and_keeps_its_weight() -> None:
    assert score([1.0, nan], [1.0, 3.0], 2) == 0.25
    assert score([nan, nan], [1.0, 3.0], 2) == 0


def test_weights_of_nothing_give_no_score() -> None:
    assert isnan(score([1.0], [0.0], 1))


@pytest.mark.parametrize(
    ("terms", "hold"), [([0.1, -1.0], True), ([0.0, 1.0], False), ([-0.1, 1.0], False), ([nan, 1.0], False)]
)
def test_each_required_term_must_be_above_zero(terms: list[float], hold: bool) -> None:
    assert required_hold(terms, [1.0, 0.0], 2) is hold


def test_nothing_required_always_holds() -> None:
    assert required_hold([nan, -1.0], [0.0, 0.0], 2)
