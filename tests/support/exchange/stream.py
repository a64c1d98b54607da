"""The stream of bars: who subscribed to what, and what is sent to them."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.exchange.candles import Row


@dataclass
class Stream:
    """Open connections with the streams each asked for."""

    connections: dict[web.WebSocketResponse, set[str]] = field(default_factory=dict)
    transports: dict[web.WebSocketResponse, asyncio.Transport | None] = field(default_factory=dict)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self.connections[connection] = set()
        self.transports[connection] = request.transport
        async for message in connection:
            if message.type is WSMsgType.TEXT:
                asked = json.loads(message.data)
                self.connections[connection] |= set(asked["params"])
                await connection.send_json({"result": None, "id": asked["id"]})
        self.connections.pop(connection, None)
        return connection

    async def tell(self, name: str, message: Any) -> None:
        """To whoever subscribed to it."""
        for connection, names in list(self.connections.items()):
            if name in names:
                await connection.send_json(message)

    async def break_off(self) -> None:
        """Every connection ends without a word of goodbye."""
        for connection in list(self.connections):
            transport = self.transports.pop(connection, None)
            if transport is not None:
                transport.abort()


def kline(symbol: str, interval: str, candle: Row, now: int, *, closed: bool) -> dict[str, Any]:
    """A bar as the stream tells it."""
    names = ("t", "o", "h", "l", "c", "v", "T")
    told = dict(zip(names, candle, strict=False)) | {"s": symbol, "i": interval, "x": closed, "n": 1, "q": "0"}
    return {"e": "kline", "E": now, "s": symbol, "k": told}
