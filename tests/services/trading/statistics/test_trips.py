"""Round trips, what they won, and how much was traded."""

from dataclasses import replace

import pytest

from services.trading.fills import Side
from services.trading.statistics import (
    Figure,
    RoundTrip,
    RoundTrips,
    Traded,
    expectancy,
    exposure,
    fees,
    profit_factor,
    round_trips,
    turnover,
    win_rate,
)
from tests.support.curves import curve_of, trip


def test_a_round_trip_is_from_flat_to_flat_whatever_lies_between() -> None:
    fills = [
        Traded(2, Side.BUY, 2, 100, 0.2, -200.2, 2),
        Traded(3, Side.SELL, 1, 110, 0.1, 109.9, 1),
        Traded(4, Side.BUY, 2, 90, 0.2, -180.2, 3),
        Traded(7, Side.SELL, 3, 100, 0.3, 299.7, 0),
    ]
    (made,) = round_trips(fills).closed
    assert made == RoundTrip(Side.BUY, 2, 7, quantity=3, invested=380, fees=made.fees, profit=made.profit)
    assert made.fees == pytest.approx(0.8)
    assert made.profit == pytest.approx(29.2)


def test_a_fee_that_was_taken_in_base_is_lost_once() -> None:
    bought = Traded(0, Side.BUY, 1, 100, 0.1, -100, 0.999)  # the fee is in the coins that did not come
    sold = Traded(1, Side.SELL, 0.999, 100, 0.0999, 99.8001, 0)
    (made,) = round_trips([bought, sold]).closed
    assert (made.profit, made.fees) == (pytest.approx(-0.1999), pytest.approx(0.1999))


def test_a_short_is_a_round_trip_too() -> None:
    sold = Traded(0, Side.SELL, 1, 100, 0.1, 99.9, -1)
    (made,) = round_trips([sold, Traded(1, Side.BUY, 1, 90, 0.1, -90.1, 0)]).closed
    assert (made.side, made.invested, made.profit) == (Side.SELL, 100, pytest.approx(9.8))


def test_a_position_that_is_open_at_the_end_is_no_round_trip() -> None:
    assert round_trips([]) == RoundTrips(())
    trips = round_trips([*trip(1, 3, 5), *trip(6, None)])
    assert (trips.profits, trips.open_since) == ((5,), 6)


def test_fills_that_cannot_be_are_refused() -> None:
    bought, sold = trip(1, 3)
    with pytest.raises(ValueError, match="nothing was held"):
        round_trips([sold])
    with pytest.raises(ValueError, match="earlier"):
        round_trips([replace(bought, bar=4), sold])
    with pytest.raises(ValueError, match="earlier"):
        round_trips([bought, sold, *trip(2, None)])
    with pytest.raises(ValueError, match="turns a position around"):
        round_trips([bought, replace(sold, position=-1.0)])
    with pytest.raises(ValueError, match="no fill"):
        replace(bought, price=float("nan"))


def test_what_was_won_and_lost_is_told_after_fees() -> None:
    profits = (30, -10, 0, -5, 15)
    assert profit_factor(profits) == Figure(3.0)
    assert win_rate(profits) == Figure(0.4)
    assert expectancy(profits) == Figure(6.0)
    assert profit_factor((-1,)) == win_rate((-1,)) == Figure(0.0)


def test_without_a_loss_or_a_trip_there_is_none_of_them() -> None:
    assert profit_factor((1, 0)) == Figure(None, "no round trip lost")
    none = Figure(None, "no round trip was closed")
    assert profit_factor(()) == win_rate(()) == expectancy(()) == none
    assert profit_factor((1e300, -1e-300)) == Figure(None, "it is beyond what a number can hold")


def test_exposure_counts_the_closes_at_which_something_was_held() -> None:
    trips = round_trips([*trip(1, 3), *trip(5, 5), *trip(8, None)])
    assert exposure(trips, 10) == Figure(0.4)  # bars 1, 2, 8 and 9
    assert exposure(RoundTrips(()), 10) == Figure(0.0)
    assert exposure(RoundTrips(()), 0) == Figure(None, "there is no bar")


def test_turnover_is_what_was_traded_over_the_mean_equity() -> None:
    fills = trip(0, 1, 10)
    assert turnover(fills, curve_of(100, 110, 105)) == Figure(2.0)
    assert turnover([], curve_of(100)) == Figure(0.0)
    assert turnover(fills, curve_of()) == Figure(None, "there is no bar")
    assert turnover(fills, curve_of(10, -10)) == Figure(None, "mean equity is not above 0")


def test_fees_are_summed() -> None:
    assert fees(trip(0, 1, fee=0.25)) == Figure(0.5)
    assert fees([]) == Figure(0.0)
