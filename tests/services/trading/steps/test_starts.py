"""Where a run begins and ends changes no decision: nothing looks ahead, and a warmed-up start finds the same signs."""

from array import array
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.terms import (
    LOOPS,
    RECORDED,
    TERMS,
    WARM_UPS,
    closes_and_volumes,
    cross_alone,
    decision,
    recorded_values,
    values_of,
)

FILE = "ETH-BTC_5m_2018-01"
ENOUGH = 20 * 26
"""Bars of warm-up: twenty times the longest span."""
FOLLOWED = 20

prices = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=200)


def bits(values: list[float]) -> bytes:
    return array("d", values).tobytes()


def signs(values: list[float]) -> list[int]:
    """1 above 0, -1 below, and 0 for 0 and for no data."""
    return [(value > 0) - (value < 0) for value in values]


def starts(count: int, warm_up: int) -> list[int]:
    random = Random(11)
    return [random.randrange(warm_up, len(closes_and_volumes(FILE)[0]) - FOLLOWED) for _ in range(count)]


def decisions_from(term: Callable[..., float], start: int, warm_up: int) -> list[int]:
    """The signs of the bars after ``start``, for a run that began ``warm_up`` bars earlier."""
    run = slice(start - warm_up, start + FOLLOWED)
    closes, volumes = closes_and_volumes(FILE)
    return signs(values_of(term, closes[run], volumes[run])[warm_up:])


@pytest.mark.parametrize("term", LOOPS, ids=lambda term: term.__name__)
@given(closes=prices, data=st.data())
def test_cutting_the_future_off_changes_no_bit(
    term: Callable[..., float], closes: list[float], data: st.DataObject
) -> None:
    volumes = data.draw(st.lists(st.floats(0, 1e9), min_size=len(closes), max_size=len(closes)))
    cut = data.draw(st.integers(1, len(closes)))
    assert bits(values_of(term, closes[:cut], volumes[:cut])) == bits(values_of(term, closes, volumes)[:cut])


@pytest.mark.parametrize("term", LOOPS, ids=lambda term: term.__name__)
def test_cutting_recorded_candles_off_changes_no_bit(term: Callable[..., float]) -> None:
    closes, volumes = closes_and_volumes(FILE)
    for cut in (1, 35, 134, 777):
        assert bits(values_of(term, closes[:cut], volumes[:cut])) == bits(recorded_values(term, FILE)[:cut])


@pytest.mark.parametrize("name", [name for name in RECORDED if name != FILE])
def test_cutting_any_recorded_file_off_changes_no_bit_of_a_decision(name: str) -> None:
    closes, volumes = closes_and_volumes(name)
    whole = values_of(decision, closes[:3000], volumes[:3000])
    for cut in (50, 1111):
        assert bits(values_of(decision, closes[:cut], volumes[:cut])) == bits(whole[:cut])


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.__name__)
def test_started_at_any_bar_after_enough_warm_up_the_decisions_are_those_of_the_whole_run(
    term: Callable[..., float],
) -> None:
    whole = signs(recorded_values(term, FILE))
    assert WARM_UPS[term] <= ENOUGH
    for start in starts(300, ENOUGH):
        assert decisions_from(term, start, ENOUGH) == whole[start : start + FOLLOWED], start


def test_with_the_least_warm_up_some_decisions_differ() -> None:
    whole = signs(recorded_values(cross_alone, FILE))
    least = WARM_UPS[cross_alone]
    differ = sum(
        decisions_from(cross_alone, start, least) != whole[start : start + FOLLOWED] for start in starts(300, ENOUGH)
    )
    assert differ > 0
