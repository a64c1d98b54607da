"""``/_ctl``: how a test drives the exchange, and reads its ledger."""

import asyncio
import inspect
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.support.exchange import candles, stream
from tests.support.exchange.book import DEEP
from tests.support.exchange.desk import Desk
from tests.support.exchange.markets import market

Told = dict[str, Any]


def ledger(desk: Desk, told: Told) -> Any:
    return desk.engine.ledger.told()


def asked(desk: Desk, told: Told) -> Any:
    return desk.asked


def fault(desk: Desk, told: Told) -> None:
    desk.faults.add(told)


def calm(desk: Desk, told: Told) -> None:
    """No more faults; what was held, late, hidden or lagging is let go."""
    desk.faults.told.clear()
    desk.reachable = True
    desk.faults.release()


def release(desk: Desk, told: Told) -> None:
    desk.faults.release()


def unreachable(desk: Desk, told: Told) -> None:
    """Every connection is broken at its first request, until calm or for ``seconds``."""
    desk.reachable = False
    if "seconds" in told:
        asyncio.get_running_loop().call_later(told["seconds"], setattr, desk, "reachable", True)


def add_market(desk: Desk, told: Told) -> None:
    made = market(**told)
    desk.engine.markets[made.id] = made


def balance(desk: Desk, told: Told) -> None:
    """What the account owns free of each currency from now on."""
    for asset, amount in told.items():
        desk.engine.ledger.balances[asset].free = Decimal(amount)


def fees(desk: Desk, told: Told) -> None:
    desk.engine.ledger.fee_rate = Decimal(told.get("rate", "0.001"))
    desk.engine.ledger.fee_asset = told.get("asset", "")


def rights(desk: Desk, told: Told) -> None:
    desk.keys.rights.update(told)


def key(desk: Desk, told: Told) -> None:
    """The account is asked with another key from now on."""
    desk.keys.key, desk.keys.secret = told["key"], told["secret"]


def weights(desk: Desk, told: Told) -> Any:
    desk.weights.most = int(told.get("most", desk.weights.most))
    return {"used": desk.weights.used, "refused": desk.weights.refused}


def clock(desk: Desk, told: Told) -> Any:
    """Ahead of the real time by so much, as if it were ``at`` now, or standing still at ``stands``; milliseconds."""
    desk.engine.stands = told.get("stands", desk.engine.stands)
    if "at" in told:
        desk.engine.ahead += int(told["at"]) - desk.engine.now()
    else:
        desk.engine.ahead = int(told.get("ahead", desk.engine.ahead))
    return {"now": desk.engine.now()}


def price(desk: Desk, told: Told) -> None:
    """The price goes there, at once or ``through`` everything between."""
    move = desk.engine.glide if told.get("through") else desk.engine.jump
    move(told["symbol"], Decimal(told["price"]), Decimal(told.get("volume", DEEP)))


def book(desk: Desk, told: Told) -> None:
    """What others offer, level by level; what rests of ours is met where it crosses."""
    of = desk.engine.book(told["symbol"])
    of.half_spread = int(told.get("half_spread", of.half_spread))
    if "bids" in told:
        of.set(told["bids"], told["asks"])
        of.last = Decimal(told.get("last", of.last or of.asks[0][0]))
        desk.engine.meet(told["symbol"])


def fill(desk: Desk, told: Told) -> None:
    """Somebody takes ``quantity`` of an order by its client id, so many ``times``."""
    order = next(each for each in reversed(desk.engine.ledger.orders) if each.client_id == told["client_id"])
    for _ in range(told.get("times", 1)):
        desk.engine.fill(order, Decimal(told.get("quantity", order.rest)))


def by_hand(desk: Desk, told: Told) -> Any:
    """The user places an order on the exchange's own page."""
    order = desk.engine.asked(told, mine=False)
    desk.engine.accept(order)
    return order.told()


def cancel_by_hand(desk: Desk, told: Told) -> None:
    desk.engine.cancel(desk.engine.found(told["symbol"], client_id=told["client_id"]))


def candle(desk: Desk, told: Told) -> None:
    """A bar: kept for klines, and the price goes through open, high, low, close unless ``still``.

    What rests is met by at most ``share`` of the volume, at each of the four.
    """
    symbol, interval, opened = told["symbol"], told["interval"], int(told["time"])
    prices = [str(told[name]) for name in ("open", "high", "low", "close")]
    volume = Decimal(str(told.get("volume", "0")))
    desk.candles.add(symbol, interval, candles.row(interval, opened, prices, str(volume)))
    if told.get("still"):
        return
    order = told.get("order", "ohlc")
    amount = volume * Decimal(told["share"]) if "share" in told else DEEP
    by_letter = dict(zip("ohlc", prices, strict=True))
    desk.engine.jump(symbol, Decimal(by_letter[order[0]]), amount)
    for letter in order[1:]:
        desk.engine.glide(symbol, Decimal(by_letter[letter]), amount)


def many(desk: Desk, told: Told) -> None:
    """So many alike, one after the other, for klines alone."""
    for number in range(told["count"]):
        opened = int(told["time"]) + number * candles.length(told["interval"])
        candle(desk, {**told, "time": opened, "still": True})


async def tell(desk: Desk, told: Told) -> None:
    """The stream tells a bar (as ``candle`` takes it), ``closed`` or running, so many ``times``; klines do not."""
    symbol, interval = told["symbol"], told["interval"]
    prices = [str(told[name]) for name in ("open", "high", "low", "close")]
    row = candles.row(interval, int(told["time"]), prices, str(told.get("volume", "0")))
    message = stream.kline(
        symbol, interval, row, int(told.get("at", desk.engine.now())), closed=told.get("closed", True)
    )
    for _ in range(told.get("times", 1)):
        await desk.stream.tell(f"{symbol.lower()}@kline_{interval}", told.get("instead", message))


async def break_streams(desk: Desk, told: Told) -> None:
    await desk.stream.break_off()


def streams(desk: Desk, told: Told) -> Any:
    """What each open stream has asked for."""
    return [sorted(names) for names in desk.stream.connections.values()]


def reset(desk: Desk, told: Told) -> None:
    """Everything as it was at the start; what still waits is let go first, into what is thrown away."""
    desk.faults.release()
    fresh = Desk()
    for name in vars(fresh):
        setattr(desk, name, getattr(fresh, name))


COMMANDS: dict[str, Callable[[Desk, Told], Any]] = {
    "ledger": ledger,
    "asked": asked,
    "fault": fault,
    "calm": calm,
    "release": release,
    "unreachable": unreachable,
    "market": add_market,
    "balance": balance,
    "fees": fees,
    "rights": rights,
    "key": key,
    "weights": weights,
    "clock": clock,
    "price": price,
    "book": book,
    "fill": fill,
    "by_hand": by_hand,
    "cancel_by_hand": cancel_by_hand,
    "candle": candle,
    "candles": many,
    "tell": tell,
    "break_streams": break_streams,
    "streams": streams,
    "reset": reset,
}


async def obey(desk: Desk, request: web.Request) -> web.Response:
    """Carry out one command; what is wrong with it is told in full, for it is a test's own mistake."""
    told = await request.json() if request.can_read_body else {}
    try:
        answer = COMMANDS[request.match_info["command"]](desk, told)
        if inspect.isawaitable(answer):
            answer = await answer
    except Exception as error:
        return web.Response(status=500, text=f"{type(error).__name__}: {error}")
    return web.json_response(answer, dumps=lambda value: json.dumps(value, default=str))
