"""What requests weigh in a minute, and what is said to who asks for too much."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.exchange.markets import Rejection

_WEIGHTS = {
    "exchangeInfo": 20, "time": 1, "klines": 2, "ticker/24hr": 2, "ticker/bookTicker": 2, "depth": 5,
    "account": 20, "order": 1, "openOrders": 6, "myTrades": 20, "allOrders": 20,
}  # fmt: skip


def weight(method: str, path: str, *, of_one_symbol: bool) -> int:
    """What a request weighs by Binance's list."""
    name = path.rpartition("/api/v3/")[2]
    if name == "openOrders" and not of_one_symbol:
        return 80
    if name == "order" and method == "GET":
        return 4
    return _WEIGHTS.get(name, 1)


def by_request(asked: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """What all of these requests weigh together, by method and path."""
    told: Counter[str] = Counter()
    for each in asked:
        method, _, path = each["request"].partition(" ")
        told[each["request"]] += weight(method, path, of_one_symbol="symbol" in each["fields"])
    return told


@dataclass
class Weights:
    """Used weight of the running minute; over ``most`` is refused, and who goes on is banned."""

    most: int = 6000
    minute: int = 0
    used: int = 0
    refused: int = 0
    banned_until: int = 0
    history: list[int] = field(default_factory=list)

    def add(self, amount: int, now: int) -> None:
        """Count a request; raises 429, and 418 with its end after some of those were ignored."""
        if now < self.banned_until:
            raise Rejection(-1003, f"Way too much request weight used; IP banned until {self.banned_until}.", 418)
        if now // 60_000 != self.minute:
            self.minute, self.used = now // 60_000, 0
        self.used += amount
        if self.used <= self.most:
            return
        self.refused += 1
        if self.refused > 3:
            self.banned_until = now + 120_000
        raise Rejection(-1003, "Too much request weight used; please use WebSocket Streams.", 429)

    def retry_after(self, now: int) -> int:
        """Seconds until one may ask again."""
        until = self.banned_until if now < self.banned_until else (self.minute + 1) * 60_000
        return max(1, -(-(until - now) // 1000))
