"""What is told to the exchange account over the socket, and what it answers."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from app.control.protocol import Document, Request
from app.engine import Engine
from services.core.errors import UserError

GUARDS = ("daily loss", "drawdown", "emergency stop", "rejected streak", "balance")
"""The guards that latch: each is armed again by its name, with a reason."""
PATIENCE = 60.0
STOP_PATIENCE = 15.0
"""Seconds for the first round of an emergency stop; it goes on by itself."""


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
    from services.trading.paper.commands import ClosePaper

    if not running:
        raise UserError(f"only the program that runs can {request.do}", mend="start it with 'dreamscape run'")
    if request.do == "close" and trades_on_paper(engine, bot := str(request.fields.get("bot", ""))):
        closed: Document = engine.clock.result(engine.commands.dispatch(ClosePaper(bot)), PATIENCE)
        return closed
    if not is_kept(engine):
        mend = "name the exchange and its key (trading.exchange, trading.api_key, trading.api_secret) and start again"
        raise UserError("no exchange account is kept", "trading.exchange", mend)
    command = fields_as(BY_WORD[request.do], request.fields)
    answer: Document = engine.clock.result(engine.commands.dispatch(command), PATIENCE)
    return answer


def rearmed(engine: Engine, fields: Document) -> Document:
    """Open a guard's latch again, for the account or the market named."""
    from services.trading.desk.commands import RearmGuard
    from services.trading.desk.guards.standing import ACCOUNT

    guard, scope = guard_of(str(fields["rule"])), str(fields.get("each") or ACCOUNT)
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
        return {"account": "none", "remaining": []}
    try:
        answer: Document = engine.clock.result(stopping, STOP_PATIENCE)
    except TimeoutError:
        return {"account": "no answer", "remaining": []}
    except Exception as error:  # it is told, and the account can be stopped without the program
        return {"account": f"not reached: {error}", "remaining": []}
    return {"account": "stopped", **answer}
