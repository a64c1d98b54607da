"""How a floor for a success rate behaves over many simulated worlds: 200 outcomes, judged after each.

Measured before it was written, for a window of 30, Beta(4.5, 0.5), probability 0.90, 8 samples, 4 failures: ever fired
0.0 % at a true rate of 0.95, 1.9 % at 0.90, 21 % at 0.85, 99.9 % (median after 30) at 0.70, 100 % (after 10) at 0.50;
after a fall from 0.95 to 0.60 it fires with a median delay of 23.
"""

from collections.abc import Iterator
from random import Random
from statistics import median

import pytest

from services.core.metrics import Observation
from services.core.rules.engine import RuleEngine
from services.core.rules.model import Rule
from services.core.rules.states import AlertState
from tests.support.rules import FLOOR, MINUTE, START, rule

pytestmark = pytest.mark.no_cover  # a million small steps, which other tests cover


@pytest.fixture(scope="module")
def floor() -> Rule:
    return rule(FLOOR, each="strategy")


def outcomes(seed: int, rates: list[float]) -> Iterator[float]:
    world = Random(seed)
    return (float(world.random() < rate) for rate in rates)


def fired_after(floor: Rule, seed: int, rates: list[float]) -> int | None:
    engine = RuleEngine([floor])
    for index, value in enumerate(outcomes(seed, rates), 1):
        told = Observation(floor.metric, value, START + index * MINUTE, "imports")
        if any(change.after is AlertState.FIRING for change in engine.observe(told)):
            return index
    return None


@pytest.mark.parametrize(
    ("rate", "worlds", "least", "most", "typical"),
    [
        (0.95, 500, 0.0, 0.003, None),
        (0.90, 500, 0.005, 0.04, None),
        (0.85, 500, 0.15, 0.28, None),
        (0.70, 500, 0.985, 1.0, (24, 36)),
        (0.50, 500, 1.0, 1.0, (9, 11)),
    ],
)
def test_the_floor_spares_the_good_and_catches_the_bad(floor, rate, worlds, least, most, typical):
    found = [fired_after(floor, seed, [rate] * 200) for seed in range(worlds)]
    fired = [after for after in found if after is not None]
    assert least <= len(fired) / worlds <= most
    if typical:
        assert typical[0] <= median(fired) <= typical[1]


def test_a_strategy_that_turns_bad_is_stopped_about_23_outcomes_later(floor):
    found = [fired_after(floor, seed, [0.95] * 100 + [0.60] * 200) for seed in range(300)]
    assert None not in found
    assert 20 <= median(found) - 100 <= 26
