"""Where a walk forward chooses and where it measures."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import UserError
from services.trading.learning.splits import Plan, newest, splits_of

# 100 bars less an embargo of 2, in 4 windows and 3 more of training: 14 bars each.


def test_rolling_windows_by_hand() -> None:
    told = splits_of(100, Plan(windows=4, embargo=2))
    assert [split.train for split in told] == [range(42), range(14, 56), range(28, 70), range(42, 84)]
    assert [split.test for split in told] == [range(44, 58), range(58, 72), range(72, 86), range(86, 100)]
    assert newest(100, told[-1]) == range(58, 100)


def test_anchored_windows_by_hand() -> None:
    told = splits_of(100, Plan(windows=4, embargo=2, anchored=True))
    assert [split.train for split in told] == [range(42), range(56), range(70), range(84)]
    assert [split.test for split in told] == [range(44, 58), range(58, 72), range(72, 86), range(86, 100)]
    assert newest(100, told[-1]) == range(16, 100)


@given(
    st.integers(10, 5000),
    st.integers(1, 12),
    st.booleans(),
    st.floats(0.5, 6),
    st.integers(0, 200),
)
def test_no_test_bar_is_in_its_own_training_and_tests_never_meet(
    bars: int, windows: int, anchored: bool, ratio: float, embargo: int
) -> None:
    try:
        told = splits_of(bars, Plan(windows, anchored, ratio, embargo))
    except UserError:
        assert (bars - embargo) / (windows + ratio) < 4  # there are bars, but not enough
        return
    assert len(told) == windows
    for split in told:
        assert split.test.start - split.train.stop == embargo
        assert 0 <= split.train.start < split.train.stop
        assert not anchored or split.train.start == 0
    for one, next_ in pairwise(told):
        assert one.test.stop == next_.test.start
    assert told[-1].test.stop == bars
    assert len({len(split.test) for split in told}) == 1


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (Plan(windows=0), "--windows: 0 are no windows. Give 1 or more."),
        (Plan(6, ratio=float("nan")), "--train: a training is never nan windows long. Give how many test windows"),
        (Plan(6, ratio=float("inf")), "--train: a training is never inf windows long"),
        (Plan(6, ratio=0.0), "--train: a training is never 0 windows long"),
        (Plan(6, embargo=-1), "--embargo: -1 is no number of bars. Give 0 or more, or leave it out."),
    ],
)
def test_what_splits_no_bars_is_refused_by_its_option(plan: Plan, told: str) -> None:
    with pytest.raises(UserError) as refused:
        splits_of(1000, plan)
    assert str(refused.value).startswith(told)


def test_too_few_bars_are_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"100 bars do not make 60 windows with an embargo of 0\. Give more bars"):
        splits_of(100, Plan(windows=60))
