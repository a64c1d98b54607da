"""How much longer a command takes: said once it is known, and steadily from there on."""

import pytest

from app.cli.watched import Estimate, in_short


def test_nothing_is_said_before_anybody_can_tell() -> None:
    estimate = Estimate(1000)
    assert estimate.left(0) is None
    estimate.learn(30, 10)  # what was compiled before it tells nothing of the rest
    estimate.learn(30.1, 20)
    estimate.learn(30.2, 30)
    assert estimate.left(30.2) is None, "two parts that ran beside each other came at once"


def test_it_is_said_by_all_that_was_done_and_counts_down_between_two_tellings() -> None:
    estimate = Estimate(1000)
    for second in range(11):
        estimate.learn(60 + second, 100 + 10 * second)
    assert estimate.left(70) == pytest.approx(80)
    assert estimate.left(75) == pytest.approx(75)
    estimate.learn(75, 300)
    assert estimate.left(75) == pytest.approx(52.5)


def test_a_rest_that_takes_longer_than_it_was_thought_is_not_told_as_less_than_nothing() -> None:
    estimate = Estimate(100)
    for second in range(5):
        estimate.learn(second, 20 * second)
    assert estimate.left(1000) == 0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, ""),
        (1, "about 5 s left"),
        (83, "about 85 s left"),
        (125, "about 2 min left"),
        (90_000, "about 1,500 min left"),
    ],
)
def test_it_is_told_as_roughly_as_it_is_known(seconds: float | None, told: str) -> None:
    assert in_short(seconds) == told
