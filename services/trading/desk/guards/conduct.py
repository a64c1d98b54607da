"""Guards of our own conduct: how often we send, what was refused, what we do not know."""

from services.trading.desk.guards.scene import Scene
from services.trading.desk.limits import Limits


def latched(scene: Scene, limits: Limits) -> str:
    """Daily loss, drawdown, the emergency stop, a streak of rejections, a balance that lacks what is ours."""
    closed = scene.standing.against(scene.symbol)
    return f"{closed[0].guard}: {closed[0].why}" if closed else ""


def armed(scene: Scene, limits: Limits) -> str:
    return scene.unarmed


def rejected_streak(scene: Scene, limits: Limits) -> str:
    if scene.rejected >= limits.rejected_streak:
        return f"the latest {scene.rejected} orders were rejected"
    return ""


def order_rate(scene: Scene, limits: Limits) -> str:
    if scene.sent_by_bot >= limits.orders_per_bot:
        return f"the bot sent {scene.sent_by_bot} orders within a minute, and {limits.orders_per_bot} are allowed"
    if scene.sent_by_account >= limits.orders_per_account:
        most = limits.orders_per_account
        return f"the account sent {scene.sent_by_account} orders within a minute, and {most} are allowed"
    return ""


def open_orders(scene: Scene, limits: Limits) -> str:
    if scene.open_orders >= limits.open_orders:
        return f"{scene.open_orders} orders are open, and {limits.open_orders} are allowed"
    return ""


def unknown(scene: Scene, limits: Limits) -> str:
    if not scene.reconciled:
        return "the account is not reconciled yet"
    return unanswered(scene.unknown, scene.missing)


def unanswered(unknown: int, missing: int) -> str:
    """What the exchange is still to tell of a market: so many orders of ours are unknown there, so many missing."""
    if unknown:
        return "an order on this market is unknown: nobody can tell whether it arrived"
    if missing:
        return "the exchange owes the trades or the standing of an order on this market"
    return ""


def ledger(scene: Scene, limits: Limits) -> str:
    return "" if scene.writable else "the account's ledger cannot be written"


def cool_down(scene: Scene, limits: Limits) -> str:
    if scene.lost_at is None or scene.now - scene.lost_at >= limits.cool_down:
        return ""
    left = limits.cool_down - (scene.now - scene.lost_at)
    return f"a trade on this market was lost; {left.total_seconds():.0f} s are left to wait"
