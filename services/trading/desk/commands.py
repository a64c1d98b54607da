"""What a person may tell the account, as frozen data that window, CLI and API share, and who obeys it."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.core.commands import Command
from services.core.effects import Refused
from services.trading.desk.brought_to_rest import cancelled, closed, since
from services.trading.desk.desk import Desk
from services.trading.desk.door import Door
from services.trading.desk.events import AccountArmed, AccountDisarmed
from services.trading.desk.guards.standing import ACCOUNT
from services.trading.desk.panic import Remaining, dust
from services.trading.venue.arming import Wish, judge


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


class ArmAccount(Command, name="account.arm"):
    """Allow that real money is traded: ``typed`` is what the person typed, letter by letter."""

    typed: str


class DisarmAccount(Command, name="account.disarm"):
    """Buy nothing any more; what is held is kept and protected."""

    words = frozenset({"reason"})
    reason: str = "asked for"


class NothingHeld(Refused):
    """The bot has nothing at the exchange that could be sold; the message says who has."""


@dataclass(frozen=True)
class Obeying:
    """Hands each command to the account's thread; what came of it is a plain document.

    ``wish`` tells, of what was typed, how settings and environment stand to real money.
    """

    door: Door
    wish: Callable[[str], Wish]

    def handlers(self) -> dict[type[Command], Callable[[Any, str], "Future[Any]"]]:
        """For ``Commands.register``."""
        return {
            ClosePosition: lambda command, by: self._handed(lambda desk: close(desk, command, by)),
            RearmGuard: lambda command, by: self._handed(lambda desk: rearm(desk, command, by)),
            ReconcileAccount: lambda command, by: self._handed(reconcile),
            ResolveOrder: lambda command, by: self._handed(lambda desk: resolve(desk, command, by)),
            ArmAccount: lambda command, by: self._handed(lambda desk: arm(desk, self.wish(command.typed), by)),
            DisarmAccount: lambda command, by: self._handed(lambda desk: disarm(desk, command, by)),
            StopAccount: lambda command, by: self._handed(lambda desk: stop(desk, command)),
        }

    def _handed(self, work: Callable[[Desk], dict[str, Any]]) -> "Future[Any]":
        """What nobody takes on is refused through the future, as all else is."""
        try:
            return self.door.hand(work)
        except Refused as no:
            refused: Future[Any] = Future()
            refused.set_exception(no)
            return refused


BY_WORD: dict[str, type[Command]] = {
    "close": ClosePosition,
    "reconcile": ReconcileAccount,
    "resolve": ResolveOrder,
    "arm": ArmAccount,
    "disarm": DisarmAccount,
}
"""The command that a word of the command line stands for."""


def close(desk: Desk, command: ClosePosition, by: str) -> dict[str, Any]:
    """Raises ``NothingHeld`` where the bot has nothing there."""
    keys = [(bot, symbol) for bot, symbol in sorted(desk.book.positions())
            if bot == command.bot and command.symbol in ("", symbol)]  # fmt: skip
    cause = f"close/{desk.register.venue.now().isoformat()}"
    left = [symbol for bot, symbol in keys if desk.leave(bot, symbol, cause, "closed by a person", by)]
    if not left:
        raise NothingHeld(_nothing_to_close(desk, command))
    return {"bot": command.bot, "markets": left}


def _nothing_to_close(desk: Desk, command: ClosePosition) -> str:
    """Never begins with a bot's name: it would be read with a capital."""
    book, bot = desk.book, command.bot
    held = ", ".join(f"{each} holds {symbol}" for each, symbol in sorted(book.positions()))
    if bot not in {*book.capital, *(each for each, _ in book.holdings)}:
        return f"the account knows no bot called {bot}; {held or 'no bot holds anything'}"
    small = [each for each in dust(book) if each.bot == bot and command.symbol in ("", each.symbol)]
    where = f" on {command.symbol}" if command.symbol else ""
    if small:
        amounts = ", ".join(each.what for each in small)
        return f"all that {bot} holds{where} is {amounts}, too small to be sold: it waits for the next trade"
    return f"nothing is held by {bot}{where}; {held or 'nor by any other bot'}"


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


def arm(desk: Desk, wish: Wish, by: str) -> dict[str, Any]:
    """Raises ``Refused`` with everything that speaks against it, and what has to be known before it is armed."""
    register, venue = desk.register, desk.register.venue
    rights = desk.permission.read() if wish.has_key else None
    known = replace(wish, rights=rights, resting=venue.resting, settling=venue.settling, offset=venue.offset())
    verdict = judge(known)
    if not verdict.may:
        known_before = [f"know that {each}" for each in verdict.know]
        raise Refused("; ".join([*verdict.against, *known_before]))
    register.record(AccountArmed(by, venue.now(), desk.permission.key))
    return {"armed": True, "exchange": wish.exchange, "address": wish.address, "know": list(verdict.know)}


def disarm(desk: Desk, command: DisarmAccount, by: str) -> dict[str, Any]:
    """It can always be done; ``was`` tells whether there was anything to end."""
    was = desk.book.armed is not None
    desk.register.note(AccountDisarmed(by, command.reason, desk.register.venue.now()))
    return {"armed": False, "was": was}


def stop(desk: Desk, command: StopAccount) -> dict[str, Any]:
    """Begin it; the account goes on with it by itself, and what remains now is told."""
    asked = desk.register.venue.now()
    desk.stop_all(command.reason)
    return stopped(desk, asked)


def stopped(desk: Desk, asked: datetime | None = None) -> dict[str, Any]:
    """What an emergency stop has done until now, and what it has left: what has to go yet, what is too small to be
    sold, why the exchange cannot be asked where it cannot (then the rest is our ledger's word), and what is amiss.

    What was done before the command was ``asked``, by an earlier one, is told as that.
    """
    book = desk.book
    amiss = "; ".join(filter(None, (desk.amiss(), desk.reach.markets())))
    more = {"dust": rows(dust(book)), "unasked": desk.reach.unasked(), "amiss": amiss}
    began = since(book)
    return {
        "cancelled": cancelled(book, asked),
        "closed": closed(book, asked),
        "remaining": rows(desk.panic.remaining()),
        **({"since": began.isoformat()} if began else {}),
        **{name: value for name, value in more.items() if value},
    }


def rows(left: Iterable[Remaining]) -> list[dict[str, str]]:
    """As plain documents."""
    return [{"bot": each.bot, "market": each.symbol, "what": each.what} for each in left]
