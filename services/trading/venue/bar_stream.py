"""The running bars of a market as the exchange streams them, through ccxt.pro.

It lives in the thread that waits on it: its loop runs only meanwhile. What ccxt makes of the messages is not used: it
turns amounts into floats, forgets whether a bar is closed, and where the address is replaced takes spot for contracts
and then hears nothing.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.core.clock import Clock
from services.trading.candles import Candle
from services.trading.venue.access import Access
from services.trading.venue.bar_reading import candle, words
from services.trading.venue.dialect import dialect_of
from services.trading.venue.limiter import Limiters, TurnedAway
from services.trading.venue.opening import configured
from services.trading.venue.reading import moment
from services.trading.venue.venue import VenueUnsure

_FIRST, _LONGEST = 1.0, 60.0
"""Seconds before a broken stream is opened anew, doubled each time."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A bar as it stood ``at`` the exchange's time of the message."""

    at: datetime
    candle: Candle
    closed: bool


class BarStream:
    """Opened by the first wait. ``opened`` counts how often it has been: after each, what was missed is asked for."""

    def __init__(self, access: Access, clock: Clock, limiters: Limiters, symbol: str, timeframe: timedelta) -> None:
        self._access, self._clock, self._symbol, self._words = access.public(), clock, symbol, words(timeframe)
        self._dialect = dialect_of(access.exchange)
        self._limiter = limiters.of(access.account, self._dialect.weight_limit, self._dialect.weight_header)
        self._loop = clock.new_loop()
        self._heard: deque[Heard] = deque()
        self._exchange: Any = None
        self._session: Any = None
        self._watch: asyncio.Task[Any] | None = None
        self._woken: asyncio.Event | None = None
        self._pause, self._not_before = _FIRST, 0.0
        self.opened = 0
        self.nonsense = 0
        """Messages that could not be read."""
        self.fault = ""
        """Why it is not open, where it is not."""

    def wait(self, seconds: float) -> list[Heard]:
        """What is heard within so many seconds, as soon as anything is; opens the stream where it is not open."""
        self._loop.run_until_complete(self._wait(seconds))
        heard = list(self._heard)
        self._heard.clear()
        return heard

    def reopen(self) -> None:
        """Ends a stream that has fallen silent; the next wait opens another."""
        self._loop.run_until_complete(self._end())

    def close(self) -> None:
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _wait(self, seconds: float) -> None:
        if self._watch is None:
            await self._begin()
        if self._watch is None or self._woken is None:
            await asyncio.sleep(min(seconds, max(0.0, self._not_before - self._clock.monotonic())))
            return
        woken = asyncio.ensure_future(self._woken.wait())
        await asyncio.wait({woken, self._watch}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        self._woken.clear()
        if self._watch.done():
            await self._broken(self._watch)

    async def _begin(self) -> None:
        if self._clock.monotonic() < self._not_before:
            return
        try:
            self._limiter.turn(self._dialect.calls["rules"].weight)
            await self._open()
        except TurnedAway as away:
            self._retreat(str(away))
        except Exception as error:
            await self._end()
            self._retreat(type(error).__name__)

    async def _open(self) -> None:
        import ccxt.pro

        from services.trading.venue.stream_transport import session

        exchange = getattr(ccxt.pro, self._access.exchange)({"asyncio_loop": self._loop})
        self._session = session(configured(exchange, self._access, self._dialect), self._limiter.told)
        exchange.session, exchange.own_session = self._session, False
        exchange.handle_ohlcv = self._take
        self._exchange, self._woken = exchange, asyncio.Event()
        await exchange.load_markets()
        self._watch = asyncio.ensure_future(exchange.watch_ohlcv(self._symbol, self._words))
        self.opened += 1
        self.fault = ""

    def _take(self, client: object, message: Mapping[str, Any]) -> None:
        """A message of ours, read to the last digit; one that makes no sense is counted, and asked for elsewhere."""
        self._pause = _FIRST
        try:
            bar = message["k"]
            row = (bar["t"], bar["o"], bar["h"], bar["l"], bar["c"], bar["v"])
            self._heard.append(Heard(moment(message["E"]), candle(row), bar["x"] is True))
        except (VenueUnsure, KeyError, TypeError):
            self.nonsense += 1
        if self._woken is not None:
            self._woken.set()

    async def _broken(self, watch: "asyncio.Task[Any]") -> None:
        why = "cancelled" if watch.cancelled() else type(watch.exception()).__name__
        await self._end()
        self._retreat(why)

    def _retreat(self, why: str) -> None:
        self.fault = why
        self._not_before = self._clock.monotonic() + self._pause
        self._pause = min(2 * self._pause, _LONGEST)

    async def _end(self) -> None:
        if self._watch is not None and not self._watch.done():
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._exchange is not None:
            await self._exchange.close()
        if self._session is not None:
            await self._session.close()
        self._watch = self._exchange = self._session = self._woken = None
