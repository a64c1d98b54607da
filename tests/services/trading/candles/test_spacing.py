"""Which step a file's bars have, and where bars lack."""

from datetime import timedelta

import pytest

from services.core.errors import UserError
from services.trading.candles import (
    Bars,
    Candle,
    Gap,
    Gaps,
    gaps_in,
    read_bars,
    require_tick,
    require_timeframe,
    usual_step,
)
from tests.support.candles import BAR, START, recorded_folder


def bars_at(*minutes: float) -> Bars:
    return Bars.of(Candle(START + timedelta(minutes=each), 1, 1, 1, 1, 1) for each in minutes)


def test_the_timeframe_of_a_file_is_its_most_frequent_step() -> None:
    assert usual_step(bars_at(0, 5, 10, 25, 30)) == BAR
    assert usual_step(bars_at(0, 10, 15)) == BAR, "the shorter of two that are equally frequent"
    assert usual_step(bars_at(0)) is usual_step(bars_at()) is None


def test_gaps_are_counted_and_the_first_are_told() -> None:
    assert gaps_in(bars_at(0, 5, 15, 20, 60), BAR) == Gaps(2, 8, (Gap(3, START + BAR, 1), Gap(5, START + 4 * BAR, 7)))
    assert gaps_in(bars_at(0, 5, 10), BAR) == Gaps(0, 0, ())
    many = gaps_in(bars_at(*range(0, 200, 10)), BAR)
    assert (many.count, many.missing, len(many.first)) == (19, 19, 5)


@pytest.mark.parametrize(
    ("name", "minutes", "count"),
    [
        ("UNITTEST-BTC_1m_2017-11", 1, 538),
        ("XRP-ETH_1m_2019-10", 1, 676),
        ("BTC-PERP_1m_2022-01", 1, 0),
        ("ETH-BTC_5m_2018-01", 5, 0),
    ],
)
def test_the_recorded_files_have_the_gaps_that_are_known_of_them(name: str, minutes: int, count: int) -> None:
    bars = read_bars(recorded_folder() / f"{name}.parquet")
    timeframe = timedelta(minutes=minutes)
    assert usual_step(bars) == timeframe
    require_timeframe(bars, timeframe, name)
    gaps = gaps_in(bars, timeframe)
    assert gaps.count == count
    whole = (bars.times[-1] - bars.times[0]) * timedelta(microseconds=1) // timeframe + 1
    assert len(bars) + gaps.missing == whole


def test_a_strategy_of_another_timeframe_is_refused() -> None:
    for minutes, told in (((0, 1, 2), "1m apart"), ((0, 10, 20), "10m apart")):
        with pytest.raises(UserError, match=f"its bars are {told}, and the timeframe is 5m") as refused:
            require_timeframe(bars_at(*minutes), BAR, "a.csv")
        assert (refused.value.where, refused.value.mend) == ("a.csv", "Set timeframe to the file's own")
    require_timeframe(bars_at(0), BAR, "a.csv")
    require_timeframe(bars_at(0, 5, 15), BAR, "a.csv")


def test_a_row_that_is_out_of_step_is_told_by_its_number() -> None:
    with pytest.raises(UserError, match="row 4 comes 2m after the one before, no multiple of the timeframe"):
        require_timeframe(bars_at(0, 5, 10, 12, 17), BAR, "a.csv")


def test_times_that_are_those_of_bars_but_for_a_little_are_refused_by_the_row() -> None:
    late = bars_at(*(5 * bar + 0.01 * (bar % 3) for bar in range(12)), 100.0)
    what = "row 2 comes 0:05:00.600000 after the one before, where bars of 0:05:00 come at multiples of it, and 11 more"
    with pytest.raises(UserError, match=what):
        require_timeframe(late, BAR, "a.csv")
    with pytest.raises(UserError, match="its bars are 5m apart, and the timeframe is 4m"):
        require_timeframe(bars_at(*range(0, 60, 5)), timedelta(minutes=4), "a.csv")


def test_a_tick_above_a_price_is_refused_since_no_order_could_be_there() -> None:
    require_tick(bars_at(0, 5), 1.0, "a.csv")
    with pytest.raises(UserError, match=r"a\.csv: a price in it is 1, and the market's tick is 10"):
        require_tick(bars_at(0, 5), 10.0, "a.csv")
