"""What an account's bots are worth: capital, what their trades brought, what they hold, and every fee."""

from decimal import Decimal

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
