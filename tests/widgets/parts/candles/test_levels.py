import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.parts.candles import NO_CANDLES, Candles
from widgets.parts.candles.levels import Levels

BAR = 60.0


def of(places: list[int], seed: int = 1) -> Candles:
    """Candles at these whole bars, with made-up prices."""
    random = np.random.default_rng(seed)
    count = len(places)
    opens, closes = 100 + random.standard_normal(count), 100 + random.standard_normal(count)
    highs, lows = np.maximum(opens, closes) + random.random(count), np.minimum(opens, closes) - random.random(count)
    return Candles(BAR * np.array(places, dtype=np.float64), opens, highs, lows, closes, random.random(count), BAR)


@st.composite
def places(draw) -> list[int]:
    """Bars that rise, with gaps."""
    steps = draw(st.lists(st.integers(1, 9), min_size=1, max_size=80))
    return np.cumsum([28_000_000, *steps]).tolist()


@given(places(), st.sampled_from([2, 4, 8, 16, 64]))
def test_a_coarser_candle_is_what_its_bars_are_together(bars: list[int], each: int):
    candles = of(bars)
    level = Levels(candles).level(each)
    slots = [bar // each for bar in bars]
    assert level.times.tolist() == [slot * each * BAR for slot in sorted(set(slots))]
    for number, slot in enumerate(sorted(set(slots))):
        own = [place for place, other in enumerate(slots) if other == slot]
        assert level.opens[number] == candles.opens[own[0]]
        assert level.closes[number] == candles.closes[own[-1]]
        assert level.highs[number] == candles.highs[own].max()
        assert level.lows[number] == candles.lows[own].min()
        assert level.volumes[number] == pytest.approx(candles.volumes[own].sum())


@given(places(), st.sampled_from([2, 8, 32]))
def test_no_peak_is_lost_under_a_coarser_candle(bars: list[int], each: int):
    levels = Levels(of(bars))
    values = np.random.default_rng(3).standard_normal(len(bars))
    values[::3] = math.nan
    low, high, last = levels.under("values", values, each)
    slots = [bar // each for bar in bars]
    for number, slot in enumerate(sorted(set(slots))):
        own = values[[place for place, other in enumerate(slots) if other == slot]]
        known = own[~np.isnan(own)]
        assert np.array_equal(last[number], own[-1], equal_nan=True)
        if known.size:
            assert (low[number], high[number]) == (known.min(), known.max())
        else:
            assert math.isnan(low[number])
            assert math.isnan(high[number])


def test_the_edges_of_coarser_candles_stay_when_more_bars_come():
    before, after = Levels(of(list(range(1000, 1100)))), Levels(of(list(range(1000, 1140))))
    known = before.level(8).times
    assert np.array_equal(after.level(8).times[: known.size], known)


def test_a_candle_holds_as_many_bars_as_its_few_pixels_need():
    levels = Levels(of(list(range(100_000))))
    assert levels.each_for(100 * BAR, 200) == 1
    assert levels.each_for(100_000 * BAR, 200) == 512
    assert len(levels.level(512)) <= 200


def test_what_is_empty_has_every_level():
    levels = Levels(NO_CANDLES)
    assert levels.each_for(3600, 100) == 1
    assert len(levels.level(4)) == 0


def test_columns_of_different_lengths_are_no_candles():
    three, two = np.zeros(3), np.zeros(2)
    with pytest.raises(ValueError, match="differ in length"):
        Candles(three, three, three, three, two, three, BAR)


def test_candles_lie_between_two_moments_with_any_part_of_them():
    candles = of([10, 11, 12, 20])
    assert candles.between(11.5 * BAR, 19 * BAR) == slice(1, 3)
    assert candles.between(13.5 * BAR, 19 * BAR) == slice(3, 3)
