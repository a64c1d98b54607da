"""Guards of the money: how large, how much in all, and of whose share."""

from services.trading.desk.guards.scene import Scene
from services.trading.desk.limits import Limits

_NO_RATE = "it cannot be valued: a rate is missing or stale"


def size(scene: Scene, limits: Limits) -> str:
    if limits.size is None:
        return ""
    if scene.notional is None:
        return _NO_RATE
    if scene.notional > limits.size:
        return f"it costs {scene.notional:.2f} {limits.currency}, and {limits.size} are allowed at once"
    return ""


def exposure(scene: Scene, limits: Limits) -> str:
    """Over all bots."""
    if scene.notional is None or scene.exposure is None:
        return _NO_RATE
    if limits.exposure is None:
        return ""
    then = scene.exposure + scene.notional
    if then > limits.exposure:
        return f"{then:.2f} {limits.currency} would be at risk over all bots, and {limits.exposure} are allowed"
    return ""


def equity(scene: Scene, limits: Limits) -> str:
    """Daily loss and drawdown are judged by it."""
    return "equity cannot be valued, so no loss would be seen" if scene.equity is None else ""


def reserved(scene: Scene, limits: Limits) -> str:
    """The bot's own capital, and what the exchange has free."""
    if scene.cost > scene.free:
        return f"it takes {scene.cost:.2f}, and {scene.free:.2f} of the bot's capital are free"
    if scene.cost > scene.available:
        return f"it takes {scene.cost:.2f}, and {scene.available:.2f} are free at the exchange"
    return ""


def live_capital(scene: Scene, limits: Limits) -> str:
    """The most that bots may use together where the money is real."""
    if not scene.live or limits.capital is None:
        return ""
    if scene.capital is None:
        return _NO_RATE
    if scene.capital > limits.capital:
        return f"the bots are given {scene.capital:.2f} {limits.currency}, and {limits.capital} may be live"
    return ""


def first_trips(scene: Scene, limits: Limits) -> str:
    """The first live round trips are small."""
    if not scene.live or scene.trips >= limits.small_trips:
        return ""
    if scene.notional is None:
        return _NO_RATE
    if scene.notional > limits.small_size:
        told = f"trade {scene.trips + 1} of the first {limits.small_trips} live ones"
        return f"{told} is made with at most {limits.small_size} {limits.currency}, not {scene.notional:.2f}"
    return ""
