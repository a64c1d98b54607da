"""The requests: counted, hit by faults, checked, answered; as aiohttp serves them."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.support.exchange import rest
from tests.support.exchange.desk import Desk
from tests.support.exchange.faults import Fault
from tests.support.exchange.ledger import Order
from tests.support.exchange.markets import Rejection
from tests.support.exchange.weights import weight


class Lost(Exception):
    """The connection is broken without a word."""


async def api(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Answer one request of the API, or break its connection."""
    if request.path == "/ws" or request.path.startswith("/ws/"):
        return await desk.stream.serve(request)
    fields, signed = await _fields(request)
    name = f"{request.method} {request.path}"
    desk.asked.append({"request": name, "fields": dict(fields), "at": desk.engine.now()})
    fault = desk.faults.of(name, fields)
    try:
        return await _faulty(desk, name, request, fields, signed, fault)
    except Lost:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def _faulty(
    desk: Desk, name: str, request: web.Request, fields: Mapping[str, str], signed: str, fault: Fault
) -> web.Response:
    if not desk.reachable:
        raise Lost
    await asyncio.sleep(fault.delay)
    reply = web.json_response({})
    if fault.price:
        desk.engine.jump(fields["symbol"], _decimal(fault.price))
    if fault.lag:
        desk.lagging = desk.true_balances()
        _later(desk, fault, lambda: setattr(desk, "lagging", None))
    if fault.commit == "now":
        before = len(desk.engine.ledger.orders)
        reply = _checked(desk, name, request, fields, signed)
        _touch(desk, desk.engine.ledger.orders[before:], fault)
    elif fault.commit == "late":
        _check_late(desk, name, request, fields, signed)
        _later(desk, fault, lambda: _quietly(desk, name, fields))
    return await _answered(desk, reply, fault)


async def _answered(desk: Desk, reply: web.Response, fault: Fault) -> web.Response:
    if fault.answer == "lost":
        raise Lost
    if fault.answer == "held":
        await desk.faults.over(fault)
    if isinstance(fault.answer, dict):
        told = fault.answer
        body = told["body"] if isinstance(told.get("body"), str) else json.dumps(told.get("body", {}))
        headers = {"Content-Type": "application/json"} | told.get("headers", {})
        return web.Response(status=told.get("status", 200), text=body, headers=headers)
    return reply


def _checked(desk: Desk, name: str, request: web.Request, fields: Mapping[str, str], signed: str) -> web.Response:
    """Weigh the request, check its signature, do it; a rejection is an answer like any other."""
    now, headers = desk.engine.now(), {}
    try:
        desk.weights.add(weight(request.method, request.path, of_one_symbol="symbol" in fields), now)
        answer: Any = _done(desk, name, request, fields, signed)
        status = 200
    except Rejection as rejection:
        answer, status = {"code": rejection.code, "msg": rejection.words}, rejection.status
        answer |= {"data": rejection.data} if rejection.data else {}
        if status in (418, 429):
            headers["Retry-After"] = str(desk.weights.retry_after(now))
    headers["X-MBX-USED-WEIGHT-1M"] = str(desk.weights.used)
    return web.json_response(answer, status=status, headers=headers)


def _done(desk: Desk, name: str, request: web.Request, fields: Mapping[str, str], signed: str) -> Any:
    if name in rest.PUBLIC:
        return rest.PUBLIC[name](desk, fields)
    if name not in rest.SIGNED:
        raise Rejection(-1000, f"{name} is not here.", 404)
    desk.keys.check(request.headers.get("X-MBX-APIKEY", ""), signed, fields, desk.engine.now())
    return rest.SIGNED[name](desk, fields)


def _check_late(desk: Desk, name: str, request: web.Request, fields: Mapping[str, str], signed: str) -> None:
    """What is accepted late was in order when it came."""
    if name in rest.SIGNED:
        desk.keys.check(request.headers.get("X-MBX-APIKEY", ""), signed, fields, desk.engine.now())


def _quietly(desk: Desk, name: str, fields: Mapping[str, str]) -> None:
    """Do late what nobody waits for any more; a rejection reaches nobody, and is kept to be read."""
    try:
        rest.SIGNED[name](desk, fields)
    except Rejection as rejection:
        desk.asked.append({"request": f"late {name}", "refused": rejection.words})


def _touch(desk: Desk, orders: list[Order], fault: Fault) -> None:
    for order in orders:
        if fault.hide:
            order.hidden = True
            _later(desk, fault, lambda order=order: setattr(order, "hidden", False))
        if fault.fill and order.open:
            desk.engine.fill(order, _decimal(fault.fill))


def _later(desk: Desk, fault: Fault, act: Any) -> None:
    async def wait() -> None:
        await desk.faults.over(fault)
        act()

    _WAITING.add(task := asyncio.ensure_future(wait()))
    task.add_done_callback(_WAITING.discard)


async def _fields(request: web.Request) -> tuple[Mapping[str, str], str]:
    """The request's fields, and the text that its signature stands under."""
    signed = request.rel_url.raw_query_string
    fields = dict(request.query)
    if request.can_read_body:
        signed = await request.text()
        fields |= {name: str(value) for name, value in (await request.post()).items()}
    return fields, signed


def _decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


_WAITING: set[asyncio.Task[None]] = set()
