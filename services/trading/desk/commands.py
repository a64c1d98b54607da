"""What a person may tell the account, as frozen data that window, CLI and API share, and who obeys it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from services.core.commands import Command
from services.core.effects import Refused
from services.trading.desk.desk import Desk
from services.trading.desk.door import Door
from services.trading.desk.guards.standing import ACCOUNT


class ClosePosition(Command, name="position.close"):
    """Have a bot's position sold, within the collar, until nothing is left. All of its markets where none is named."""

    bot: str
    symbol: str = ""


class RearmGuard(Command, name="guard.rearm"):
    """Open a guard's latch again, for the account or one market."""

    words = frozenset({"reason"})
    guard: str
    reason: str
    scope: str = ACCOUNT


class ReconcileAccount(Command, name="account.reconcile"):
    """Bring ledger and exchange to one, now."""


class ResolveOrder(Command, name="order.resolve"):
    """Tell whether an UNKNOWN order arrived, which nobody else can."""

    words = frozenset({"reason"})
    verbatim = frozenset({"order"})
    order: str
    arrived: bool
    reason: str


class StopAccount(Command, name="account.stop"):
    """The emergency stop: halt, cancel ours, flatten ours."""

    words = frozenset({"reason"})
    reason: str = "asked for"


@dataclass(frozen=True)
class Obeying:
    """Hands each command to the account's thread; what came of it is a plain document."""

    door: Door

    def handlers(self) -> dict[type[Command], Callable[[Any, str], "Future[Any]"]]:
        """For ``Commands.register``."""
        return {
            ClosePosition: lambda command, by: self.door.hand(lambda desk: close(desk, command, by)),
            RearmGuard: lambda command, by: self.door.hand(lambda desk: rearm(desk, command, by)),
            ReconcileAccount: lambda command, by: self.door.hand(reconcile),
            ResolveOrder: lambda command, by: self.door.hand(lambda desk: resolve(desk, command, by)),
            StopAccount: lambda command, by: self.door.hand(lambda desk: stop(desk, command)),
        }


def close(desk: Desk, command: ClosePosition, by: str) -> dict[str, Any]:
    """Raises ``Refused`` where the bot has nothing there."""
    keys = [(bot, symbol) for bot, symbol in sorted(desk.book.positions())
            if bot == command.bot and command.symbol in ("", symbol)]  # fmt: skip
    cause = f"close/{desk.register.venue.now().isoformat()}"
    left = [symbol for bot, symbol in keys if desk.leave(bot, symbol, cause, "closed by a person", by)]
    if not left:
        raise Refused(f"{command.bot} holds nothing{f' on {command.symbol}' if command.symbol else ''}")
    return {"bot": command.bot, "markets": left}


def rearm(desk: Desk, command: RearmGuard, by: str) -> dict[str, Any]:
    """Raises ``Refused`` where the guard is not latched, or no reason is given."""
    if not command.reason.strip():
        raise Refused("a reason is needed: it is kept")
    desk.rearm(command.guard, command.scope, command.reason, by)
    return {"guard": command.guard, "scope": command.scope, "mode": desk.standing.mode.value}


def reconcile(desk: Desk) -> dict[str, Any]:
    """Raises ``VenueUnsure`` where the exchange cannot be asked."""
    desk.reconcile()
    return {"orders": len(desk.book.open_orders()), "positions": len(desk.book.held())}


def resolve(desk: Desk, command: ResolveOrder, by: str) -> dict[str, Any]:
    """Raises ``Refused`` for an order that is not UNKNOWN."""
    order = desk.resolve(command.order, command.arrived, command.reason, by)
    return {"order": order.client_id, "state": order.state.value}


def stop(desk: Desk, command: StopAccount) -> dict[str, Any]:
    """Begin it; the account goes on with it by itself, and what remains now is told."""
    left = desk.stop_all(command.reason)
    return {"remaining": [{"bot": each.bot, "market": each.symbol, "what": each.what} for each in left]}
