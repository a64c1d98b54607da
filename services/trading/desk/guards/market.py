"""Guards of the market: its price, its book, and the clock that it runs by."""

from services.trading.desk.guards.scene import Scene
from services.trading.desk.limits import Limits


def stale_price(scene: Scene, limits: Limits) -> str:
    if scene.last is None or scene.told_at is None:
        return "the price is not known"
    age = scene.now - scene.told_at
    if age > limits.stale_after:
        return (
            f"the price is {age.total_seconds():.0f} s old, and {limits.stale_after.total_seconds():.0f} s are allowed"
        )
    return ""


def collar(scene: Scene, limits: Limits) -> str:
    """The worst fill in the book against the latest price."""
    if scene.last is None:
        return "the price is not known"
    if scene.worst is None:
        return "the book has not enough for all of it"
    away = scene.worst / scene.last - 1
    if away > limits.collar:
        return f"the book would fill it up to {away:.2%} above the last price, and {limits.collar:.2%} are allowed"
    return ""


def spread(scene: Scene, limits: Limits) -> str:
    if scene.spread is None:
        return "one side of the book is empty"
    if scene.spread > limits.spread:
        return f"the spread is {scene.spread:.2%}, and {limits.spread:.2%} are allowed"
    return ""


def clock(scene: Scene, limits: Limits) -> str:
    if scene.offset is None:
        return "the exchange's clock could not be measured"
    if abs(scene.offset) > limits.clock_offset:
        return f"the exchange's clock is {scene.offset.total_seconds():+.1f} s from ours"
    return ""
