from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.trading.fills import Side
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiters
from services.trading.venue.told import Funds, Standing
from services.trading.venue.venue import CannotMove, VenueRefused, VenueUnsure
from tests.support.exchange.loopback import CANCEL, CREATE, FAILED_AFTER, HIDDEN, LAGGING, LOST, REPLACE, Loopback
from tests.support.tickets import SYMBOL, buy, identity, resting, stop


def test_a_marketable_order_takes_what_is_there_and_its_fee_in_base_is_told_to_the_last_digit(venue: CcxtVenue) -> None:
    told = venue.place(buy(quantity="0.00123"))
    assert (told.standing, told.client_id, told.filled) == (Standing.FILLED, identity(1), Decimal("0.00123"))
    (trade,) = venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))
    assert (trade.side, trade.quantity, trade.price) == (Side.BUY, Decimal("0.00123"), Decimal("50000.01"))
    assert (trade.fee, trade.fee_currency) == (Decimal("0.00000123"), "BTC")
    assert venue.funds()["BTC"].total == Decimal("0.5") + Decimal("0.00123") - Decimal("0.00000123")


def test_what_a_marketable_order_cannot_take_within_its_limit_expires(venue: CcxtVenue, exchange: Loopback) -> None:
    exchange.ctl("book", symbol="BTCUSDT", bids=[["49990", "1"]], asks=[["50000", "0.0004"], ["50200", "1"]])
    told = venue.place(buy(quantity="0.001"))
    assert (told.standing, told.filled) == (Standing.EXPIRED, Decimal("0.0004"))
    assert venue.open_orders() == []


def test_a_partial_fill_is_read_from_trades_and_a_cancelled_order_keeps_it(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.place(resting())
    exchange.ctl("fill", client_id=identity(1), quantity="0.0004")
    (standing,) = venue.open_orders()
    assert (standing.standing, standing.filled) == (Standing.OPEN, Decimal("0.0004"))
    venue.cancel(SYMBOL, identity(1))
    told = venue.order(SYMBOL, identity(1))
    assert told is not None
    assert (told.standing, told.filled) == (Standing.CANCELLED, Decimal("0.0004"))
    assert [trade.quantity for trade in venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))] == [Decimal("0.0004")]


def test_a_stop_sleeps_at_the_exchange_and_sells_when_its_trigger_is_reached(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    assert venue.place(stop()).standing is Standing.OPEN
    assert venue.funds()["BTC"] == Funds(Decimal("0.499"), Decimal("0.001"))
    exchange.ctl("price", symbol="BTCUSDT", price="45500", through=True)
    assert [each.client_id for each in venue.open_orders()] == [identity(1)]
    exchange.ctl("price", symbol="BTCUSDT", price="44500", through=True)
    (trade,) = venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))
    assert (trade.price, trade.fee_currency) == (Decimal("44999.99"), "USDT")


def test_a_stop_is_moved_in_one_request_by_both_client_ids(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(stop())
    told = venue.move(identity(1), stop(2, trigger="46000", price="45500"))
    assert told.former is not None
    assert told.placed is not None
    assert (told.former.client_id, told.former.standing) == (identity(1), Standing.CANCELLED)
    assert (told.placed.client_id, told.placed.standing, told.why) == (identity(2), Standing.OPEN, "")
    assert [each.client_id for each in venue.open_orders()] == [identity(2)]
    assert venue.funds()["BTC"] == Funds(Decimal("0.499"), Decimal("0.001"))
    assert exchange.asked(CANCEL) == []


def test_a_stop_that_was_taken_out_while_the_new_one_was_refused_is_told_to_be_gone(venue: CcxtVenue) -> None:
    venue.place(stop())
    told = venue.move(identity(1), stop(2, trigger="51000", price="50000"))
    assert told.former is not None
    assert (told.former.standing, told.placed) == (Standing.CANCELLED, None)
    assert "trigger immediately" in told.why
    assert venue.open_orders() == []


def test_a_stop_that_cannot_be_taken_out_is_followed_by_no_other(venue: CcxtVenue) -> None:
    told = venue.move(identity(1), stop(2))
    assert (told.former, told.placed) == (None, None)
    assert "Unknown order" in told.why
    assert venue.open_orders() == []


def test_a_stop_that_is_being_filled_is_not_moved_for_nobody_knows_how_much_of_it_is_left(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.place(stop())
    exchange.ctl("fill", client_id=identity(1), quantity="0.0004")
    told = venue.move(identity(1), stop(2, trigger="46000", price="45500"))
    assert (told.former, told.placed) == (None, None)
    (left,) = venue.open_orders()
    assert (left.client_id, left.filled) == (identity(1), Decimal("0.0004"))
    assert venue.funds()["BTC"].held == Decimal("0.0006")


def test_a_moved_stop_that_breaks_a_rule_of_the_market_leaves_the_former_where_it_is(venue: CcxtVenue) -> None:
    venue.place(stop())
    with pytest.raises(VenueRefused):
        venue.move(identity(1), stop(2, quantity="0.00001"))
    assert [each.client_id for each in venue.open_orders()] == [identity(1)]


NEVER_HERE = {"code": -2011, "msg": "Order cancel-replace is not supported for this symbol."}
NOT_ATTEMPTED = {"cancelResult": "FAILURE", "newOrderResult": "NOT_ATTEMPTED", "cancelResponse": NEVER_HERE}


@pytest.mark.parametrize(
    "body", [NEVER_HERE, NEVER_HERE | {"code": -1010}, {"code": -2022, "msg": "failed", "data": NOT_ATTEMPTED}]
)
def test_a_market_on_which_no_order_takes_anothers_place_is_told_as_that(
    venue: CcxtVenue, exchange: Loopback, body: dict[str, Any]
) -> None:
    venue.place(stop())
    exchange.fault(REPLACE, commit="never", answer={"status": 400, "body": body})
    with pytest.raises(CannotMove, match="not supported for this symbol"):
        venue.move(identity(1), stop(2))


@pytest.mark.parametrize(
    "fault", [LOST, FAILED_AFTER, {"answer": {"status": 200, "body": '{"cancelResult": "SUCCESS"}'}}]
)
def test_a_move_without_an_answer_that_tells_is_unsure(
    venue: CcxtVenue, exchange: Loopback, fault: dict[str, Any]
) -> None:
    venue.place(stop())
    exchange.fault(REPLACE, fault)
    with pytest.raises(VenueUnsure):
        venue.move(identity(1), stop(2))


def test_a_cancelling_tells_how_the_order_stood(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(resting())
    exchange.ctl("fill", client_id=identity(1), quantity="0.0004")
    told = venue.cancel(SYMBOL, identity(1))
    assert (told.client_id, told.standing, told.filled) == (identity(1), Standing.CANCELLED, Decimal("0.0004"))


def test_a_fee_in_a_third_currency_is_told_in_it(venue: CcxtVenue, exchange: Loopback) -> None:
    exchange.ctl("balance", BNB="1")
    exchange.ctl("fees", rate="0.00075", asset="BNB")
    venue.place(buy())
    (trade,) = venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))
    assert (trade.fee, trade.fee_currency) == (Decimal("0.00000075"), "BNB")


def test_open_orders_are_told_without_a_market_and_the_users_own_are_told_as_not_ours(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    by_hand = {"side": "SELL", "type": "LIMIT", "quantity": "0.1", "price": "90000", "newClientOrderId": "web_1"}
    exchange.ctl("by_hand", symbol="BTCUSDT", **by_hand)
    venue.place(resting(1))
    assert [each.client_id for each in venue.open_orders()] == ["web_1", identity(1)]


def test_an_order_of_the_users_that_makes_no_sense_keeps_no_other_from_being_told(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    told = {"symbol": "BTCUSDT", "side": "SELL", "origQty": "0.1", "executedQty": "0", "time": 1_700_000_000_000}
    waits = told | {"orderId": 1, "clientOrderId": "web_1", "status": "PENDING_NEW"}
    strange = told | {"orderId": 2, "clientOrderId": "web_2", "status": "BEWITCHED"}
    ours = told | {"orderId": 3, "clientOrderId": identity(1), "status": "NEW"}
    exchange.fault("GET /api/v3/openOrders", answer={"body": [waits, strange, ours]})
    first, second, third = venue.open_orders()
    assert (first.standing, first.unread) == (Standing.OPEN, "")
    assert (second.exchange_id, second.client_id) == ("2", "web_2")
    assert "BEWITCHED" in second.unread
    assert (third.client_id, third.standing, third.unread) == (identity(1), Standing.OPEN, "")


def test_a_trade_that_makes_no_sense_is_told_by_its_numbers(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(buy())
    bare = {"symbol": "BTCUSDT", "id": 7, "orderId": 9, "price": "50000", "qty": "0.1", "quoteQty": "5000",
            "commission": None, "commissionAsset": None, "time": 1_700_000_000_000, "isBuyer": True}  # fmt: skip
    exchange.fault("GET /api/v3/myTrades", answer={"body": [bare]})
    (trade,) = venue.trades(SYMBOL, datetime.fromtimestamp(1_699_999_999, UTC))
    assert (trade.trade_id, trade.exchange_id) == ("7", "9")
    assert "fee" in trade.unread


def test_an_order_not_found_just_after_it_was_sent_is_told_as_none_now_and_is_found_later(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    exchange.fault(CREATE, HIDDEN)
    venue.place(resting())
    assert venue.order(SYMBOL, identity(1)) is None
    assert venue.open_orders() == []
    exchange.ctl("release")
    assert venue.order(SYMBOL, identity(1)) is not None


def test_a_balance_may_lag_behind_the_trades(venue: CcxtVenue, exchange: Loopback) -> None:
    exchange.fault(CREATE, LAGGING)
    venue.place(buy())
    assert len(venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))) == 1
    assert venue.funds()["BTC"].total == Decimal("0.5")
    exchange.ctl("release")
    assert venue.funds()["BTC"].total == Decimal("0.500999")


def test_a_fill_before_the_orders_answer_is_among_the_trades_while_the_answer_says_nothing_of_it(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    exchange.fault(CREATE, fill="0.0003")
    assert venue.place(resting()).filled == 0
    assert [each.quantity for each in venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))] == [Decimal("0.0003")]


def test_each_trade_is_told_once_however_many_pages_and_days_they_take(venue: CcxtVenue, exchange: Loopback) -> None:
    since = venue.now()
    venue.place(resting(1, quantity="0.1"))
    exchange.ctl("fill", client_id=identity(1), quantity="0.00002", times=2500)
    exchange.ctl("clock", ahead=3 * 86_400_000)
    exchange.ctl("fill", client_id=identity(1), quantity="0.00002")
    trades = venue.trades(SYMBOL, since - timedelta(days=1))
    assert [each.trade_id for each in trades] == [str(number) for number in range(1, 2502)]
    assert sum(each.quantity for each in trades) == Decimal("0.05002")


def test_there_is_nothing_to_cancel_where_the_order_is_filled_or_was_never_there(venue: CcxtVenue) -> None:
    venue.place(buy())
    for number in (1, 2):
        with pytest.raises(VenueRefused, match="Unknown order sent"):
            venue.cancel(SYMBOL, identity(number))


def test_the_book_is_told_best_first(venue: CcxtVenue, exchange: Loopback) -> None:
    levels = [["49980", "2"], ["49990", "1"]]
    exchange.ctl("book", symbol="BTCUSDT", bids=levels, asks=[["50010.5", "0.5"], ["50000.25", "0.00003"]])
    book = venue.depth(SYMBOL)
    assert book.bids == [(Decimal("49990"), Decimal("1")), (Decimal("49980"), Decimal("2"))]
    assert book.asks[0] == (Decimal("50000.25"), Decimal("0.00003"))
    assert abs(book.at - venue.now()) < timedelta(minutes=1)


def test_an_exchange_that_nobody_has_tried_is_refused_before_anything_is_asked() -> None:
    clock = SystemClock()
    with pytest.raises(VenueRefused, match="only binance has been tried"):
        CcxtVenue(Access("kraken", "https://127.0.0.1:1"), clock, Limiters(clock))


def test_fields_that_are_new_and_fields_that_are_gone_break_nothing_that_is_needed(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.place(resting())
    bare = {"symbol": "BTCUSDT", "orderId": 1, "clientOrderId": identity(1), "status": "NEW", "side": "BUY",
            "origQty": "0.001", "executedQty": "0", "time": 1_700_000_000_000}  # fmt: skip
    exchange.fault("GET /api/v3/order", answer={"body": bare | {"algoVerdict": {"deep": [1]}, "isReduceOnly": None}})
    told = venue.order(SYMBOL, identity(1))
    assert told is not None
    assert (told.standing, told.quantity) == (Standing.OPEN, Decimal("0.001"))
    exchange.fault("GET /api/v3/order", answer={"body": {name: bare[name] for name in bare if name != "origQty"}})
    with pytest.raises(VenueUnsure, match="quantity"):
        venue.order(SYMBOL, identity(1))


def test_the_latest_price_comes_with_the_exchanges_own_time(venue: CcxtVenue, exchange: Loopback) -> None:
    latest = venue.latest(SYMBOL)
    assert latest.price == Decimal(50_000)
    assert abs(latest.at - venue.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("told", [{"lastPrice": "0"}, {"lastPrice": "much"}, {"closeTime": None}])
def test_a_latest_price_without_sense_or_time_is_none(
    venue: CcxtVenue, exchange: Loopback, told: dict[str, object]
) -> None:
    body = {"symbol": "BTCUSDT", "lastPrice": "50000", "closeTime": 1_700_000_000_000} | told
    exchange.fault("GET /api/v3/ticker/24hr", answer={"body": body})
    with pytest.raises(VenueUnsure):
        venue.latest(SYMBOL)
