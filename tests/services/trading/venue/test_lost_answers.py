from typing import Any

import pytest

from services.core.clock import SystemClock
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiters
from services.trading.venue.silence import HUSH, Silence
from services.trading.venue.venue import NoAnswer, NotSent, Unreached, VenueRefused, VenueUnsure
from tests.support.exchange.loopback import (
    CANCEL,
    CREATE,
    FAILED_AFTER,
    KEY,
    LATE,
    LOOK,
    LOST,
    NEVER,
    SECRET,
    Loopback,
)
from tests.support.manual_clock import ManualClock
from tests.support.tickets import SYMBOL, buy, identity, resting

ANSWERS: dict[str, dict[str, Any]] = {
    "lost": LOST,
    "later than we wait": {"answer": "held"},
    "a 5xx": FAILED_AFTER,
    "a 500 in HTML": {"answer": {"status": 500, "body": "<html>oops</html>"}},
    "a 500 with an order's own refusal": {"answer": {"status": 500, "body": {"code": -2010, "msg": "no"}}},
    "execution status unknown": {"answer": {"status": 400, "body": {"code": -1006, "msg": "Status unknown."}}},
    "send status unknown": {"answer": {"status": 400, "body": {"code": -1007, "msg": "Send status unknown."}}},
    "HTML": {"answer": {"body": "<html>Under maintenance</html>"}},
    "truncated": {"answer": {"body": '{"symbol": "BTCUSDT", "orderId'}},
    "a list": {"answer": {"body": [1, 2]}},
    "nothing": {"answer": {"body": ""}},
    "null": {"answer": {"body": "null"}},
    "wrong types": {"answer": {"body": {"orderId": {}, "symbol": 5, "status": [], "origQty": "many"}}},
    "another order": {"answer": {"body": {"symbol": "BTCUSDT", "orderId": 9, "clientOrderId": "x", "status": "NEW",
        "side": "BUY", "origQty": "1", "executedQty": "0", "price": "1", "transactTime": 1_700_000_000_000}}},
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_order_whose_answer_proves_nothing_is_unsure_and_is_found_by_its_client_id(
    venue: CcxtVenue, exchange: Loopback, answer: dict[str, Any]
) -> None:
    exchange.fault(CREATE, answer)
    with pytest.raises(VenueUnsure):
        venue.place(resting())
    found = venue.order(SYMBOL, identity(1))
    assert found is not None
    assert found.client_id == identity(1)
    assert len(exchange.asked(CREATE)) == 1


def test_a_cancel_whose_answer_is_lost_is_unsure_and_may_have_been_obeyed(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(resting())
    exchange.fault(CANCEL, LOST)
    with pytest.raises(VenueUnsure):
        venue.cancel(SYMBOL, identity(1))
    assert venue.open_orders() == []
    assert len(exchange.asked(CANCEL)) == 1


def test_an_order_accepted_after_we_gave_it_up_and_looked_is_not_there_and_then_is(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    exchange.fault(CREATE, LATE)
    with pytest.raises(VenueUnsure):
        venue.place(resting())
    assert venue.order(SYMBOL, identity(1)) is None
    exchange.ctl("release")
    assert venue.order(SYMBOL, identity(1)) is not None


def test_an_order_that_never_arrived_looks_just_like_one_that_is_late(venue: CcxtVenue, exchange: Loopback) -> None:
    exchange.fault(CREATE, NEVER)
    with pytest.raises(VenueUnsure):
        venue.place(resting())
    exchange.ctl("release")
    assert venue.order(SYMBOL, identity(1)) is None


REFUSALS: dict[str, dict[str, Any]] = {
    "a filter": {"code": -1013, "msg": "Filter failure: NOTIONAL"},
    "too little money": {"code": -2010, "msg": "Account has insufficient balance for requested action."},
    "a stop beyond the price": {"code": -2010, "msg": "Stop price would trigger immediately."},
    "a wrong key": {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."},
    "a wrong signature": {"code": -1022, "msg": "Signature for this request is not valid."},
    "a wrong time": {"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."},
}


@pytest.mark.parametrize("body", REFUSALS.values(), ids=REFUSALS)
def test_what_the_exchange_refuses_in_so_many_words_is_refused(
    venue: CcxtVenue, exchange: Loopback, body: dict[str, Any]
) -> None:
    exchange.fault(CREATE, commit="never", answer={"status": 400, "body": body})
    with pytest.raises(VenueRefused, match=body["msg"]):
        venue.place(resting())
    assert exchange.ledger()["orders"] == []


def test_a_duplicate_is_refused_among_open_orders_only_and_proves_that_the_first_one_is_there(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.place(resting())
    with pytest.raises(VenueUnsure):
        venue.place(resting())
    venue.cancel(SYMBOL, identity(1))
    venue.place(resting())
    assert len(exchange.ledger()["orders"]) == 2


def test_an_order_to_an_exchange_where_nobody_listens_was_certainly_not_sent() -> None:
    clock = SystemClock()
    venue = CcxtVenue(Access("binance", "http://127.0.0.1:9", KEY, SECRET), clock, Limiters(clock), timeout=0.5)
    with pytest.raises(VenueRefused, match="not sent"):
        venue.place(buy())
    with pytest.raises(VenueUnsure):
        venue.open_orders()
    venue.close()


def test_an_exchange_that_breaks_every_connection_is_unsure_of_an_order_that_went_out(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.rules(SYMBOL)
    exchange.ctl("unreachable")
    with pytest.raises(VenueUnsure):
        venue.place(resting())
    with pytest.raises(VenueUnsure):
        venue.order(SYMBOL, identity(1))
    exchange.ctl("calm")
    assert venue.order(SYMBOL, identity(1)) is None


@pytest.mark.parametrize("request_", [LOOK, "GET /api/v3/account", "GET /api/v3/openOrders", "GET /api/v3/depth",
                                      "GET /api/v3/myTrades"])  # fmt: skip
@pytest.mark.parametrize("body", ["<html>", '{"a', "[[]]", '{"balances": 5, "bids": 3}', "7"])
def test_an_exchange_that_answers_nonsense_is_never_believed(
    venue: CcxtVenue, exchange: Loopback, request_: str, body: str
) -> None:
    asks = {
        LOOK: lambda: venue.order(SYMBOL, identity(1)),
        "GET /api/v3/account": venue.funds,
        "GET /api/v3/openOrders": venue.open_orders,
        "GET /api/v3/depth": lambda: venue.depth(SYMBOL),
        "GET /api/v3/myTrades": lambda: venue.trades(SYMBOL, venue.now()),
    }
    exchange.fault(request_, answer={"body": body})
    with pytest.raises(VenueUnsure):
        asks[request_]()


def test_a_question_that_cannot_be_repeated_after_a_wrong_time_is_unsure_and_not_refused(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    """Its answer tells that the minute's requests are used up, so that neither clock nor question can be asked."""
    refused = {"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}
    full = {"X-MBX-USED-WEIGHT-1M": "1000000"}
    venue.rules(SYMBOL)
    exchange.fault("GET /api/v3/account", answer={"status": 400, "body": refused, "headers": full})
    with pytest.raises(VenueUnsure, match="not sent"):
        venue.funds()


def test_no_error_repeats_the_key_or_the_signature(venue: CcxtVenue, exchange: Loopback) -> None:
    for answer in (
        {"answer": "lost"},
        {"answer": {"status": 500, "body": {}}},
        {"answer": {"status": 404, "body": {}}},
    ):
        exchange.fault("GET /api/v3/account", answer)
        with pytest.raises((VenueUnsure, VenueRefused)) as told:
            venue.funds()
        assert "signature" not in str(told.value)
        assert KEY not in str(told.value)


def test_an_exchange_that_answers_nothing_costs_two_waits_and_not_two_for_each_order(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.order(SYMBOL, identity(1))
    asked = len(exchange.asked())
    exchange.fault("*", answer="held", times=100)
    for number in range(20):
        with pytest.raises((VenueUnsure, NotSent)):
            venue.place(resting(number))
    assert [each["request"] for each in exchange.asked()[asked:]] == [CREATE, "GET /api/v3/time"]


def test_an_exchange_that_gave_no_answer_is_asked_again_after_a_while() -> None:
    clock, probes = ManualClock(), iter([NoAnswer("timed out"), None])
    silence = Silence(clock)

    def probe() -> None:
        if error := next(probes):
            raise error

    silence.kept()
    for _ in range(3):
        with pytest.raises(Unreached):
            silence.before(probe)
    clock.advance(HUSH)
    silence.before(probe)
    silence.before(probe)


def test_one_request_that_hangs_holds_up_no_other(venue: CcxtVenue, exchange: Loopback) -> None:
    exchange.fault(LOOK, answer="held", times=100)
    for _ in range(2):
        with pytest.raises(VenueUnsure):
            venue.order(SYMBOL, identity(1))
        assert venue.funds()


@pytest.mark.parametrize("answer", [{"status": 503, "body": {}}, "lost"])
def test_where_the_time_is_not_told_ahead_of_a_request_that_request_is_certainly_not_sent(
    venue: CcxtVenue, exchange: Loopback, answer: Any
) -> None:
    venue.place(resting())
    exchange.fault(LOOK, answer="held")
    with pytest.raises(VenueUnsure):
        venue.order(SYMBOL, identity(1))
    exchange.fault("GET /api/v3/time", answer=answer, times=2)
    with pytest.raises(NotSent):
        venue.place(resting(2))
    with pytest.raises(NotSent):
        venue.cancel(SYMBOL, identity(1))
    assert (len(exchange.asked(CREATE)), exchange.asked(CANCEL)) == (1, [])
    venue.cancel(SYMBOL, identity(1))
