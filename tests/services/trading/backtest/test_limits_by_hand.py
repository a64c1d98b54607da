"""Entries that rest at a limit and are filled in parts, on the same ten bars by hand."""

from tests.support.ten_bars import BUY, PERPETUAL, PLAIN, SELL, backtested, candles, fills_of

LEAST = {"market": {**PLAIN["market"], "min_notional": 20}}


def limit(ticks: int = 50, **more: object) -> dict[str, object]:
    """Placed at 101.50 at bar 2's close of 102, for 10.148."""
    return {"execution": {"limit": {"offset": {"ticks": ticks}, **more}}}


def test_a_part_below_the_minimum_notional_is_not_filled_by_itself_and_waits() -> None:
    # Bar 3's volume of 1 gives 0.1, and 10.15 is less than 20; bar 4 trades through it with enough.
    bars = candles(b3=(103, 104, 101, 103, 1), b4=(103, 108, 101, 107, 150))
    result = backtested(bars, **limit(reprice_after="10m"), **LEAST, exit=-0.5)
    assert fills_of(result) == [(4, BUY, 10.148, 101.5), (7, SELL, 10.148, 99.99)]
    assert dict(result.counters) == {"too_small": 1}


def test_a_rest_below_the_minimum_notional_is_given_up_and_goes_to_no_market() -> None:
    # Bar 3's volume gives 10 of 10.148: the rest of 15.02 no exchange would take alone.
    result = backtested(candles(), **limit(then="market"), **LEAST)
    assert fills_of(result) == [(3, BUY, 10.0, 101.5), (7, SELL, 10.0, 99.99)]
    assert dict(result.counters) == {}


def test_what_is_left_by_its_stop_at_the_open_takes_nothing_more_of_its_limit() -> None:
    # Half of it is bought in bar 3, and bar 4 opens at 97, beyond the stop of 98.45 and the limit alike.
    bars = candles(b3=(103, 104, 101, 103, 50), b4=(97, 98, 96, 97, 100))
    result = backtested(bars, **limit(reprice_after="15m"), stop={"percent": 3})
    assert fills_of(result) == [(3, BUY, 5.0, 101.5), (4, SELL, 5.0, 96.99)]


def test_a_limit_that_is_priced_anew_higher_up_rests_for_what_the_cash_then_pays() -> None:
    # Bar 3 does not come to 101.50; at its close of 103 it is 102.50, and 1,030.11 pay 10.049 of it.
    bars = candles(b3=(103, 104, 102, 103, 100), b4=(103, 108, 102, 107, 150))
    result = backtested(bars, **limit(times=1), exit=-0.5)
    assert fills_of(result) == [(4, BUY, 10.049, 102.5), (7, SELL, 10.049, 99.99)]
    assert dict(result.counters) == {}, "nothing of it is left to be given up"


def test_a_short_that_is_entered_in_parts_is_never_worth_more_than_the_equity() -> None:
    # 10.249 are offered at 100.50 and bar 7's volume takes 5. At its close of 101.90 the rest goes to 102.40, where
    # equity is 1,532.61 - 512 = 1,020.61 and 512 of it are sold: 508.61 more pay 4.966.
    bars = candles(b2=(100, 102, 100, 102, 100), b7=(100, 102, 98, 101.9, 50), b8=(102, 103, 101, 102, 300))
    result = backtested(bars, **PERPETUAL, **limit(times=1))
    assert fills_of(result) == [(7, SELL, 5.0, 100.5), (8, SELL, 4.966, 102.4)]
    assert 9.966 * 102.4 <= 1020.61
