"""Each guard breached at a real desk: what it looks at is measured, and its breach refuses the entry in its words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.effects import Refused
from services.trading.desk.entering import Enter
from services.trading.desk.events import AccountArmed
from services.trading.desk.limits import Limits
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal
ETHER = "ETH/USDT"


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """With another market, and another bot that may buy there."""
    made = Floor(tmp_path / "account.db", limits=Limits(exposure=D(100_000)))
    made.venue.engine.jump("ETHUSDT", D(3000))
    made.ready()
    yield made
    made.close()


def ether(bot: str = BOT, budget: str = "300", cause: str = "09:30") -> Enter:
    return Enter(bot, ETHER, cause, D(budget), None, capital=D(1000))


def other_here() -> Enter:
    return replace(wish("09:30"), bot="other", capital=D(1000))


def refused(floor: Floor, asked: Enter, words: str) -> None:
    with pytest.raises(Refused, match=words):
        floor.desk.enter(asked)


def test_size_is_measured_at_what_the_entry_costs(floor: Floor) -> None:
    floor.limited(size=D(400))
    refused(floor, wish(budget="495"), r"size: it costs 49\d\.\d\d USDT, and 400 are allowed at once")
    floor.desk.enter(wish(budget="390"))


def test_exposure_is_that_of_all_bots_and_of_what_is_open(floor: Floor) -> None:
    floor.limited(exposure=D(700))
    floor.bought()
    refused(floor, ether("other"), r"exposure: 79\d\.\d\d USDT would be at risk over all bots, and 700 are allowed")
    floor.desk.enter(ether("other", "190"))
    floor.desk.round()
    refused(floor, ether("third", "190"), "exposure: 87")


def test_the_rate_of_orders_is_counted_by_bot_and_over_a_minute(floor: Floor) -> None:
    floor.limited(orders_per_bot=2)
    floor.bought()
    refused(floor, ether(), "order rate: the bot sent 2 orders within a minute, and 2 are allowed")
    floor.desk.enter(ether("other"))
    floor.pass_seconds(61)
    floor.desk.enter(ether())


def test_the_rate_of_orders_is_counted_over_the_account(floor: Floor) -> None:
    floor.limited(orders_per_account=2)
    floor.bought()
    refused(floor, ether("other"), "order rate: the account sent 2 orders within a minute, and 2 are allowed")
    floor.pass_seconds(61)
    floor.desk.enter(ether("other"))


def test_open_orders_are_those_that_rest_stops_too(floor: Floor) -> None:
    floor.limited(open_orders=1)
    floor.bought()
    refused(floor, ether("other"), "open orders: 1 orders are open, and 1 are allowed")


def test_a_spread_too_wide_buys_nothing(floor: Floor) -> None:
    floor.venue.engine.book("BTCUSDT").set([["49500", "1"]], [["50000", "1"]])
    refused(floor, wish(), r"spread: the spread is 1\.01%, and 0\.50% are allowed")
    floor.venue.engine.book("BTCUSDT").set([["49900", "1"]], [["50000", "1"]])
    floor.desk.enter(wish())


def test_after_a_lost_trade_its_market_cools_down_and_no_other(floor: Floor) -> None:
    floor.limited(cool_down=timedelta(minutes=10))
    floor.bought()
    floor.price("47400")
    floor.pass_seconds(2, rounds=2)
    assert floor.desk.book.closed[0].result < 0
    floor.price("50000")
    refused(floor, wish("09:05"), r"cool-down: a trade on this market was lost; 59\d s are left to wait")
    floor.desk.enter(ether())
    floor.pass_seconds(600)
    floor.desk.enter(wish("09:15"))


def test_what_the_exchange_has_free_is_asked_and_what_others_still_need_is_taken_off(floor: Floor) -> None:
    floor.venue.engine.ledger.balances["USDT"].free = D(600)
    floor.venue.wrong = ["never"]
    floor.desk.enter(wish())
    floor.desk.round()
    refused(floor, ether("other"), r"capital: it takes 299\.97, and 10\d\.\d\d are free at the exchange")


def test_an_exchange_more_than_a_second_off_is_not_bought_at(floor: Floor) -> None:
    floor.venue.ahead = timedelta(seconds=1.5)
    floor.pass_seconds(11)
    refused(floor, wish(), r"clock offset: the exchange's clock is \+1\.5 s from ours")
    floor.venue.ahead = timedelta(seconds=0.9)
    floor.pass_seconds(11)
    floor.desk.enter(wish())


def test_while_an_order_is_unknown_no_other_bot_buys_on_its_market_either(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    floor.desk.enter(wish())
    floor.desk.round()
    refused(floor, other_here(), "unknown: an order on this market is unknown: nobody can tell whether it arrived")
    floor.desk.enter(ether("other"))


def test_while_the_standing_of_an_order_is_owed_nothing_is_bought_on_its_market(floor: Floor) -> None:
    floor.bought()
    stop = next(order for order in floor.venue.engine.ledger.orders if order.open and order.type == "STOP_LOSS_LIMIT")
    stop.hidden = True
    floor.pass_seconds(1)
    refused(floor, other_here(), "unknown: the exchange owes the trades or the standing of an order on this market")
    floor.desk.enter(ether("other"))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Floor]:
    """Real money, armed by a person: two small trades first, and 1,500 in all."""
    limits = Limits(small_trips=1, small_size=D(50), capital=D(1500))
    made = Floor(tmp_path / "live.db", limits=limits, live=True)
    made.venue.engine.jump("ETHUSDT", D(3000))
    made.ready()
    made.desk.register.record(AccountArmed("user", made.venue.now()))
    yield made
    made.close()


def test_the_first_live_round_trips_are_small(live: Floor) -> None:
    refused(live, wish(), r"first trips: trade 1 of the first 1 live ones is made with at most 50 USDT, not 49\d")
    live.desk.enter(wish(budget="45", stop=None))
    live.desk.round()
    live.desk.leave(BOT, MARKET, "09:05", "exit")
    live.pass_seconds(1)
    live.desk.enter(wish("09:10"))


def test_all_that_the_bots_are_given_is_capped_where_money_is_real(live: Floor) -> None:
    refused(live, ether("other", "40"), "live capital: the bots are given 2000.00 USDT, and 1500 may be live")
    live.desk.enter(wish(budget="45"))


def test_no_bot_buys_with_real_money_before_a_person_has_armed_it(tmp_path: Path) -> None:
    made = Floor(tmp_path / "unarmed.db", live=True)
    made.ready()
    refused(made, wish(), "armed: live trading is not armed")
    made.close()
