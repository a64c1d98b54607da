"""An account's trades from a moment on, however many pages they take; each once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from services.trading.venue.reading import milliseconds
from services.trading.venue.told import Traded

PAGE = 1000
WINDOW = timedelta(hours=24)
"""The longest stretch that may be asked for by time."""

Page = Callable[[int, Mapping[str, object]], list[Traded]]


def pages(page: Page, since: datetime, now: datetime) -> list[Traded]:
    """By time up to the first that there is, from there on by number, so that none of one instant is skipped."""
    found: dict[str, Traded] = {}
    for trade in _first(page, since, now):
        found[trade.trade_id] = trade
    while found:
        latest = max(int(number) for number in found)
        more = page(PAGE, {"fromId": latest + 1})
        fresh = [each for each in more if each.trade_id not in found]
        found |= {each.trade_id: each for each in fresh}
        if len(more) < PAGE or not fresh:
            break
    return sorted((each for each in found.values() if each.at >= since), key=lambda each: (each.at, int(each.trade_id)))


def _first(page: Page, since: datetime, now: datetime) -> list[Traded]:
    start = since
    while True:
        end = start + WINDOW
        trades = page(PAGE, {"startTime": milliseconds(start), "endTime": milliseconds(end)})
        if trades or end >= now:
            return trades
        start = end
