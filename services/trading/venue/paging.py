"""An account's trades or orders from a moment on, however many pages they take; each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from services.trading.venue.reading import milliseconds
from services.trading.venue.told import Reported, Traded

T = TypeVar("T", Traded, Reported)

PAGE = 1000
WINDOW = timedelta(hours=24)
"""The longest stretch that may be asked for by time."""
AHEAD = timedelta(minutes=1)
"""So far at most the exchange's clock is ahead of what it is held to be."""

Page = Callable[[int, Mapping[str, object]], list[T]]


@dataclass(frozen=True)
class Numbered(Generic[T]):
    """How the exchange counts them within a market, and by which field it tells those from a number on."""

    number: Callable[[T], int]
    field: str


TRADES: Numbered[Traded] = Numbered(lambda trade: int(trade.trade_id), "fromId")
ORDERS: Numbered[Reported] = Numbered(lambda order: int(order.exchange_id), "orderId")


def pages(page: Page[T], kind: Numbered[T], since: datetime, now: datetime) -> list[T]:
    """By time up to the first that there is, from there on by number, so that none of one instant is skipped.

    A page that is not full and reaches beyond now has them all: nothing more is asked.
    """
    told, whole = _first(page, since, now)
    found = {kind.number(each): each for each in told}
    while not whole:
        more = page(PAGE, {kind.field: max(found) + 1})
        fresh = {kind.number(each): each for each in more if kind.number(each) not in found}
        found |= fresh
        whole = len(more) < PAGE or not fresh
    return [found[number] for number in sorted(found) if found[number].at >= since]


def _first(page: Page[T], since: datetime, now: datetime) -> tuple[list[T], bool]:
    """The first page by time that has any, and whether it has all."""
    start = since
    while True:
        end = start + WINDOW
        told = page(PAGE, {"startTime": milliseconds(start), "endTime": milliseconds(end)})
        if told or end >= now:
            return told, not told or (len(told) < PAGE and end >= now + AHEAD)
        start = end
