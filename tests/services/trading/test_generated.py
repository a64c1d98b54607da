"""The generated candles, for a machine without recorded ones."""

from datetime import timedelta
from itertools import pairwise

from services.trading.candles import Bars, checked
from services.trading.generated import generate


def test_the_generated_set_is_the_same_each_time_and_valid() -> None:
    one = generate(timedelta(minutes=5), 1e-8, 500)
    assert one == generate(timedelta(minutes=5), 1e-8, 500)
    assert one != generate(timedelta(minutes=5), 1e-8, 500, seed=8)
    assert checked(Bars.of(one), "generated")
    assert all(before.close == after.open for before, after in pairwise(one))
    assert one[100].close == 0.01007123
