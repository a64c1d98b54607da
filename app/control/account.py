"""What is told to the exchange account over the socket, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from app.control.protocol import Document, Request
from app.engine import Engine
from app.paths import Home
from services.core.effects import Refused
from services.core.errors import UserError
from services.orchestrator.near_names import hint

GUARDS = ("daily loss", "drawdown", "emergency stop", "rejected streak", "balance")
"""The guards that latch: each is armed again by its name, with a reason."""
PATIENCE = 60.0
STOP_PATIENCE = 15.0
"""Seconds for the first round of an emergency stop; it goes on by itself."""
NO_ANSWER = "no answer"
"""How the account stands where its first round takes longer: it may wait for the exchange."""


def guard_of(name: str) -> str:
    """The guard that a person means: daily_loss is the daily loss; empty for none."""
    plain = " ".join(name.lower().replace("_", " ").replace("-", " ").split())
    return plain if plain in GUARDS else ""


def is_kept(engine: Engine) -> bool:
    """Whether an exchange account is in this program's care."""
    from services.trading.desk.commands import StopAccount

    return engine.commands.knows(StopAccount)


def told(engine: Engine, request: Request, running: bool) -> Document:
    """Have the account process do it; raises ``UserError`` where none is kept, else what it raises."""
    from app.control.readings import fields_as
    from app.wiring.paper_closing import trades_on_paper
    from services.trading.desk.commands import BY_WORD

    if not running:
        raise UserError(f"only the program that runs can {request.do}", mend="start it with 'dreamscape run'")
    bot = str(request.fields.get("bot", ""))
    if request.do == "close" and trades_on_paper(engine, bot):
        return _closed(engine, bot, str(request.fields.get("symbol", "")))
    if not is_kept(engine):
        if request.do == "close":
            _require_trader(engine, bot)
        mend = "name the exchange and its key (trading.exchange, trading.api_key, trading.api_secret) and start again"
        raise UserError("no exchange account is kept", "trading.exchange", mend)
    command = fields_as(BY_WORD[request.do], request.fields)
    try:
        answer: Document = engine.clock.result(engine.commands.dispatch(command), PATIENCE)
    except Refused as no:
        if more := _what_there_is(engine, request.do, bot):
            raise Refused(f"{no}; {more}") from no
        raise
    return answer


def _what_there_is(engine: Engine, do: str, bot: str) -> str:
    """Where to find what the account does not know; empty where that is no question."""
    if do == "resolve":
        return "'dreamscape orders' tells how each stands"
    return hint(bot, [*engine.orchestrator.units]) if do == "close" and bot not in engine.orchestrator.units else ""


def _closed(engine: Engine, bot: str, symbol: str) -> Document:
    """Close what a bot that trades on paper holds. One of its name may have left a position at the exchange: that is
    sold first, and alone. Raises what either raises."""
    from app.wiring.paper_closing import held_on_paper
    from services.trading.desk.commands import ClosePosition, NothingHeld
    from services.trading.paper.commands import ClosePaper

    unasked, none_there = "", ""
    if is_kept(engine):
        try:
            sold: Document = engine.clock.result(engine.commands.dispatch(ClosePosition(bot, symbol)), PATIENCE)
            return {**sold, "stays": "on paper"} if held_on_paper(engine, bot) else sold
        except NothingHeld as nothing:
            none_there = str(nothing)
        except Refused as nobody:  # who keeps the account does not run: that holds up no play money, and is told
            unasked = str(nobody)
    try:
        closed: Document = engine.clock.result(engine.commands.dispatch(ClosePaper(bot, symbol=symbol)), PATIENCE)
    except Refused as no:
        raise Refused("; at the exchange: ".join(filter(None, (str(no), unasked or none_there)))) from no
    return {**closed, "unasked": unasked} if unasked else closed


def _require_trader(engine: Engine, name: str) -> None:
    """Raise ``UserError`` where nobody of that name could hold anything."""
    units = dict(engine.orchestrator.units)
    if name not in units:
        raise UserError(f"no process is called {name!r}; {hint(name, units)}")
    if units[name].plan.service != "trading":
        raise UserError(f"{name!r} does not trade, so it holds nothing that could be closed")


def was_kept(home: Home) -> bool:
    """Whether an exchange account was ever kept in this home: then its guards may be meant."""
    return any(home.accounts.glob("*.db"))


def or_a_guard(no: UserError, name: str) -> UserError:
    """Why nothing called so could be armed again, where no account was ever kept; a guard of one may be meant."""
    guard = guard_of(name)
    if not guard or no.mend:
        return no
    return UserError(no.what, no.where, f"“{guard}” is a guard of the exchange account, and none was ever kept here")


def rearmed(engine: Engine, fields: Document, rules: Sequence[str]) -> Document:
    """Open a guard's latch again, for the account or the market named. Raises ``UserError`` where there is no such
    guard (``rules`` are what else there is to re-arm), or nobody keeps the account now."""
    from services.trading.desk.commands import RearmGuard
    from services.trading.desk.guards.standing import ACCOUNT

    named = str(fields.get("rule", ""))
    guard, scope = guard_of(named), str(fields.get("each") or ACCOUNT)
    if not guard:
        known = f"the account's guards are {', '.join(GUARDS)}"
        raise UserError(f"no rule or guard is called {named!r}; {known}; {hint(named, [*rules, *GUARDS], 'rules')}")
    if not is_kept(engine):
        mend = f'start it with \'dreamscape run\', then: dreamscape rearm "{guard}" --reason "..."'
        raise UserError(f"“{guard}” is a guard of the exchange account, and no program keeps that now", mend=mend)
    command = RearmGuard(guard, str(fields.get("reason", "")), scope)
    engine.clock.result(engine.commands.dispatch(command), PATIENCE)
    return {"rule": command.guard, "each": "" if command.scope == ACCOUNT else command.scope, "guard": True}


def stop(engine: Engine) -> Future[Any] | None:
    """Begin the account's emergency stop; None where no account is kept."""
    from services.trading.desk.commands import StopAccount

    return engine.commands.dispatch(StopAccount("stop-trading")) if is_kept(engine) else None


def remaining(engine: Engine, stopping: Future[Any] | None) -> Document:
    """What is left of the account's positions and orders; ``account`` says how it stands."""
    if stopping is None:
        return {"account": "none", "cancelled": [], "closed": [], "remaining": []}
    try:
        answer: Document = engine.clock.result(stopping, STOP_PATIENCE)
    except TimeoutError:
        return {"account": NO_ANSWER, "cancelled": [], "closed": [], "remaining": []}
    except Exception as error:  # it is told, and the account can be stopped without the program
        return {"account": f"not reached: {error}", "cancelled": [], "closed": [], "remaining": []}
    return {"account": "unasked" if answer.get("unasked") else "stopped", **answer}
