from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.trading.candles import Candle
from services.trading.venue.bar_line import BarLine
from services.trading.venue.freshness import Freshness
from services.trading.venue.live_bar import By, LiveBar

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def bar(minute: int) -> Candle:
    return Candle(START + minute * MINUTE, 1.0, 2.0, 1.0, 1.5, 3.0)


def minutes(candles: list[Candle]) -> list[int]:
    return [(each.time - START) // MINUTE for each in candles]


@given(st.permutations(range(1, 9)), st.lists(st.integers(1, 8), max_size=5))
def test_bars_heard_in_any_order_and_twice_are_passed_on_once_and_in_order(order: list[int], again: list[int]) -> None:
    line = BarLine(MINUTE, START)
    passed = [each for minute in [*order, *again] for each in line.hear(bar(minute))]
    assert minutes(passed) == list(range(1, 9))
    assert line.repeated == len(again)
    assert not line.gap


def test_a_bar_beyond_a_gap_waits_for_what_the_exchange_tells_of_it() -> None:
    line = BarLine(MINUTE, START)
    assert line.hear(bar(3)) == []
    assert line.gap
    assert minutes(line.fill([bar(0), bar(1), bar(2)])) == [1, 2, 3]
    assert not line.gap


def test_a_bar_that_the_exchange_does_not_have_is_not_invented() -> None:
    line = BarLine(MINUTE, START)
    line.hear(bar(4))
    assert minutes(line.fill([bar(1), bar(4)])) == [1, 4]
    assert minutes(line.hear(bar(5))) == [5]


def test_what_could_not_be_told_yet_keeps_waiting() -> None:
    line = BarLine(MINUTE, START)
    line.hear(bar(3))
    assert line.fill([]) == []
    assert line.gap


def test_a_bar_is_late_when_it_was_received_half_a_bar_after_its_end() -> None:
    def received(seconds: float) -> LiveBar:
        return LiveBar(bar(0), MINUTE, START + MINUTE + timedelta(seconds=seconds), By.FILL_IN)

    assert not received(30).late()
    assert received(31).late()
    assert not received(31).late(timedelta(minutes=1))


def test_a_feed_is_as_old_as_the_exchanges_newest_timestamp_and_not_as_its_last_message() -> None:
    freshness = Freshness(timedelta(seconds=60), START)
    freshness.told(START - timedelta(hours=1))
    assert not freshness.stale(START + timedelta(seconds=60))
    assert freshness.stale(START + timedelta(seconds=61))
    freshness.told(START + timedelta(seconds=30))
    assert freshness.age(START + timedelta(seconds=61)) == timedelta(seconds=31)
