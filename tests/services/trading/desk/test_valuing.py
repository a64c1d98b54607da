"""What an account's bots are worth: capital, what their trades brought, what they hold, and every fee."""

from decimal import Decimal

import pytest

from services.trading.desk.valuing import NoRate
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor

D = Decimal


def test_a_fee_that_a_third_currency_paid_is_a_loss_at_what_it_is_worth(floor: Floor) -> None:
    engine = floor.venue.engine
    engine.ledger.fee_asset, engine.ledger.balances["ETH"].free = "ETH", D(1)
    engine.jump("ETHUSDT", D(3000))
    desk = floor.bought()
    floor.pass_seconds(1)
    holding = desk.book.holding(BOT, MARKET)
    ((currency, fee),) = holding.fees_elsewhere
    assert (currency, fee > 0, holding.quantity) == ("ETH", True, D("0.00989")), "no coin of what was bought paid it"
    bid, rate = engine.book("BTCUSDT").bids[0][0], engine.book("ETHUSDT").bids[0][0]
    assert desk.measuring.valuing.equity(desk.book) == 1000 + holding.cash + holding.quantity * bid - fee * rate
    assert fee * rate > D("0.02")


@pytest.fixture
def paying(floor: Floor) -> Floor:
    """Fees are paid in ETH, at 3,000; the bot has bought by it."""
    engine = floor.venue.engine
    engine.ledger.fee_asset, engine.ledger.balances["ETH"].free = "ETH", D(1)
    engine.jump("ETHUSDT", D(3000))
    floor.bought()
    floor.pass_seconds(1)
    return floor


def equity(floor: Floor) -> Decimal:
    return floor.desk.measuring.valuing.equity(floor.desk.book)


def test_what_a_fees_currency_does_after_the_trade_moves_nothing(paying: Floor) -> None:
    before = equity(paying)
    paying.venue.engine.jump("ETHUSDT", D(30000))
    paying.pass_seconds(20, rounds=2)
    assert equity(paying) == before
    paying.restart()
    assert equity(paying) == before, "its worth is kept with the trade"


def test_a_rate_that_is_missing_later_stops_nothing_of_what_was_valued(paying: Floor) -> None:
    before = equity(paying)
    del paying.venue.engine.markets["ETHUSDT"]
    paying.pass_seconds(180, rounds=9)
    assert equity(paying) == before
    assert paying.desk.measuring.valuing.rate("ETH") is None


def test_a_fee_whose_rate_nobody_knew_then_counts_at_the_rate_of_now(floor: Floor) -> None:
    engine = floor.venue.engine
    engine.ledger.fee_asset, engine.ledger.balances["ETH"].free = "ETH", D(1)
    market = engine.markets.pop("ETHUSDT")
    floor.bought()
    ((currency, fee),) = floor.desk.book.holding(BOT, MARKET).unvalued
    with pytest.raises(NoRate, match="the rate of ETH is not known"):
        equity(floor)
    engine.markets["ETHUSDT"] = market
    engine.jump("ETHUSDT", D(3000))
    floor.pass_seconds(20, rounds=2)
    low = equity(floor)
    engine.jump("ETHUSDT", D(6000))
    floor.pass_seconds(20, rounds=2)
    rates = D(3000), D(6000)
    assert currency == "ETH"
    assert low - equity(floor) == pytest.approx(fee * (rates[1] - rates[0]), rel=D("0.01"))


def test_what_a_trade_brought_counts_its_fees_in_a_third_currency(paying: Floor) -> None:
    desk = paying.desk
    desk.leave(BOT, MARKET, "x", "closed")
    paying.pass_seconds(5, rounds=5)
    (closed,) = desk.book.closed
    holding = desk.book.holding(BOT, MARKET)
    assert closed.result == holding.cash - holding.worth_elsewhere
    assert holding.worth_elsewhere == pytest.approx(dict(holding.fees)["ETH"] * 3000, rel=D("0.01"))
    assert holding.result == 0, "the next trade begins at nothing"
