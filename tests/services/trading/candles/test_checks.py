"""Whatever a row holds, it is either sound or told."""

from array import array
from itertools import pairwise
from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import UserError
from services.trading.candles import Bars, checked
from services.trading.candles.moments import EARLIEST, LATEST, NO_TIME

number = st.sampled_from([nan, inf, -inf, -1.0, 0.0, -0.0, 1.0, 1.5, 2.0, 5e-324, 1.7e308])
sound = st.tuples(*(st.sampled_from([1.0, 1.0, 1.5, 2.0]) for _ in range(5)))
time = st.sampled_from([NO_TIME, EARLIEST - 1, EARLIEST, -1, 0, 1, 2, 3, LATEST, LATEST + 1])
row = st.tuples(time, st.one_of(sound, st.tuples(*(number for _ in range(5)))))


@given(st.lists(row, min_size=1, max_size=4))
def test_a_row_is_sound_or_told_by_its_number_and_with_its_fault(rows: list[tuple[int, tuple[float, ...]]]) -> None:
    columns = zip(*(numbers for _, numbers in rows), strict=True)
    bars = Bars(array("q", (at for at, _ in rows)), *(array("d", column) for column in columns))
    try:
        assert checked(bars, "a.csv") is bars
    except UserError as refused:
        told = dict(each.split(": ", 1) for each in refused.what.split("; "))
        assert set(told) <= {f"row {at}" for at in range(1, len(rows) + 1)}
        assert all(told.values())
    else:
        assert all(one < next_ for one, next_ in pairwise(bars.times))
        assert all(EARLIEST <= at <= LATEST for at in bars.times)
        for candle in bars.candles():
            assert 0 < candle.low <= min(candle.open, candle.close) <= max(candle.open, candle.close) <= candle.high
            assert candle.high < inf
            assert 0 <= candle.volume < inf
