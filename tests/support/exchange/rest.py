"""Binance's spot answers: what each method and path says, from the engine."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from tests.support.exchange.desk import Desk
from tests.support.exchange.ledger import Order
from tests.support.exchange.markets import Rejection, plain

Fields = Mapping[str, str]
Answer = Any
Handler = Callable[[Desk, Fields], Answer]
Waiting = Callable[[Desk, Fields], Awaitable[Answer]]


def server_time(desk: Desk, fields: Fields) -> Answer:
    return {"serverTime": desk.engine.now()}


def exchange_info(desk: Desk, fields: Fields) -> Answer:
    symbols = [each.told() for each in desk.engine.markets.values()]
    return {"timezone": "UTC", "serverTime": desk.engine.now(), "rateLimits": [], "symbols": symbols}


def klines(desk: Desk, fields: Fields) -> Answer:
    desk.engine.market(fields["symbol"])
    start, end = int(fields.get("startTime", 0)), int(fields.get("endTime", 2**60))
    rows = desk.candles.of(fields["symbol"], fields["interval"])
    wanted = [row for row in rows if start <= row[0] <= end]
    most = min(int(fields.get("limit", 500)), 1000)
    return wanted[:most] if "startTime" in fields else wanted[-most:]


def ticker(desk: Desk, fields: Fields) -> Answer:
    book, now = desk.engine.book(fields["symbol"]), desk.engine.now()
    return _best(desk, fields) | {
        "lastPrice": plain(book.last),
        "openPrice": plain(book.last),
        "closeTime": now,
        "openTime": now - 86_400_000,
        "volume": "0",
        "quoteVolume": "0",
    }


def book_ticker(desk: Desk, fields: Fields) -> Answer:
    return _best(desk, fields)


def depth(desk: Desk, fields: Fields) -> Answer:
    book, levels = desk.engine.book(fields["symbol"]), int(fields.get("limit", 100))
    sides = {"bids": book.bids, "asks": book.asks}
    return {"lastUpdateId": len(desk.engine.ledger.trades)} | {
        name: [[plain(price), plain(quantity)] for price, quantity in side[:levels]] for name, side in sides.items()
    }


def account(desk: Desk, fields: Fields) -> Answer:
    balances = desk.balances()
    return {"accountType": "SPOT", "canTrade": True, "canWithdraw": False, "canDeposit": True, "balances": balances}


def order(desk: Desk, fields: Fields) -> Answer:
    found = _asked(desk, fields)
    if found is None:
        raise Rejection(-2013, "Order does not exist.")
    return found.told()


def place(desk: Desk, fields: Fields) -> Answer:
    placed = desk.engine.asked(fields)
    trades = desk.engine.accept(placed)
    fills = [
        {
            "price": plain(each.price),
            "qty": plain(each.quantity),
            "commission": plain(each.fee),
            "commissionAsset": each.fee_asset,
            "tradeId": each.id,
        }
        for each in trades
    ]
    return placed.told() | {"transactTime": placed.at, "fills": fills}


def cancel(desk: Desk, fields: Fields) -> Answer:
    found = _asked(desk, fields)
    desk.engine.cancel(found)
    assert found is not None
    return found.told() | {"origClientOrderId": found.client_id, "clientOrderId": f"x{found.id}"}


def cancel_replace(desk: Desk, fields: Fields) -> Answer:
    """As with STOP_ON_FAILURE: the new order is checked, the old one taken out, and then the new one tried."""
    if fields.get("cancelReplaceMode") != "STOP_ON_FAILURE":
        raise Rejection(-1102, "Mandatory parameter 'cancelReplaceMode' was not sent, was empty/null, or malformed.")
    new, refused = desk.engine.checked(fields)
    told: dict[str, Any] = {"cancelResult": "FAILURE", "newOrderResult": "NOT_ATTEMPTED", "newOrderResponse": None}
    gone = {"symbol": fields["symbol"], "origClientOrderId": fields["cancelOrigClientOrderId"]}
    former = _asked(desk, gone)
    try:
        if fields.get("cancelRestrictions") == "ONLY_NEW" and former is not None and former.status != "NEW":
            raise Rejection(-2011, "Order was not canceled due to cancel restrictions.")
        told["cancelResponse"] = cancel(desk, gone)
    except Rejection as no:
        told["cancelResponse"] = {"code": no.code, "msg": no.words}
        raise Rejection(-2022, "Order cancel-replace failed.", 400, told) from no
    told["cancelResult"], told["newOrderResult"] = "SUCCESS", "FAILURE"
    try:
        if refused:
            raise refused
        desk.engine.accept(new)
    except Rejection as no:
        told["newOrderResponse"] = {"code": no.code, "msg": no.words}
        raise Rejection(-2021, "Order cancel-replace partially failed.", 409, told) from no
    answer = new.told() | {"transactTime": new.at, "fills": []}
    return told | {"newOrderResult": "SUCCESS", "newOrderResponse": answer}


def open_orders(desk: Desk, fields: Fields) -> Answer:
    symbol = fields.get("symbol")
    orders = (each for each in desk.engine.ledger.orders if each.open and not each.hidden)
    return [each.told() for each in orders if symbol in (None, each.market.id)]


def all_orders(desk: Desk, fields: Fields) -> Answer:
    """By number from ``orderId``, or by the time they were made from ``startTime`` within a day of it."""
    seen = [each for each in desk.engine.ledger.orders if each.market.id == fields["symbol"] and not each.hidden]
    most = min(int(fields.get("limit", 500)), 1000)
    if "orderId" in fields:
        return [each.told() for each in seen if each.id >= int(fields["orderId"])][:most]
    start = int(fields.get("startTime", 0))
    end = int(fields.get("endTime", start + 86_400_000))
    if end - start > 86_400_000:
        raise Rejection(-1127, "More than 24 hours between startTime and endTime.")
    return [each.told() for each in seen if start <= each.at <= end][:most]


def my_trades(desk: Desk, fields: Fields) -> Answer:
    """By id from ``fromId``, or by time from ``startTime`` within a week of it; else the newest."""
    if "fromId" in fields and ("startTime" in fields or "endTime" in fields):
        raise Rejection(-1128, "Combination of optional parameters invalid.")
    seen = [each for each in desk.engine.ledger.trades if each.order.market.id == fields["symbol"]]
    trades = [each for each in seen if not each.order.hidden]
    most = min(int(fields.get("limit", 500)), 1000)
    if "fromId" in fields:
        return [each.told() for each in trades if each.id >= int(fields["fromId"])][:most]
    if "startTime" in fields:
        start = int(fields["startTime"])
        end = int(fields.get("endTime", start + 86_400_000))
        if end - start > 86_400_000:
            raise Rejection(-1127, "More than 24 hours between startTime and endTime.")
        return [each.told() for each in trades if start <= each.at <= end][:most]
    return [each.told() for each in trades][-most:]


def restrictions(desk: Desk, fields: Fields) -> Answer:
    return {"createTime": 1_600_000_000_000, **desk.keys.rights}


PUBLIC: dict[str, Handler] = {
    "GET /api/v3/time": server_time,
    "GET /api/v3/exchangeInfo": exchange_info,
    "GET /api/v3/klines": klines,
    "GET /api/v3/ticker/24hr": ticker,
    "GET /api/v3/ticker/bookTicker": book_ticker,
    "GET /api/v3/depth": depth,
}
SIGNED: dict[str, Handler] = {
    "GET /api/v3/account": account,
    "GET /api/v3/order": order,
    "POST /api/v3/order": place,
    "DELETE /api/v3/order": cancel,
    "POST /api/v3/order/cancelReplace": cancel_replace,
    "GET /api/v3/openOrders": open_orders,
    "GET /api/v3/allOrders": all_orders,
    "GET /api/v3/myTrades": my_trades,
    "GET /sapi/v1/account/apiRestrictions": restrictions,
}


def _asked(desk: Desk, fields: Fields) -> Order | None:
    desk.engine.market(fields["symbol"])
    return desk.engine.found(fields["symbol"], fields.get("orderId", ""), fields.get("origClientOrderId", ""))


def _best(desk: Desk, fields: Fields) -> dict[str, Any]:
    book = desk.engine.book(fields["symbol"])
    nothing = [Decimal(0), Decimal(0)]
    bid, ask = (book.bids or [nothing])[0], (book.asks or [nothing])[0]
    prices = {"bidPrice": bid[0], "bidQty": bid[1], "askPrice": ask[0], "askQty": ask[1]}
    return {"symbol": fields["symbol"]} | {name: plain(amount) for name, amount in prices.items()}
