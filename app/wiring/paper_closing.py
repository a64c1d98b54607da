"""A position on paper, closed by a person: its bot's run begins anew where it was, with that position to be left."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from app.wiring.plans.kind_names import kind_name
from services.core.effects import Refused
from services.orchestrator.commands import CancelProcess, RunAnew
from services.trading.paper.commands import ClosePaper
from services.trading.tape import BotTape, TradingTapes

if TYPE_CHECKING:
    from app.engine import Engine

KINDS = ("trading.replay", "trading.paper")
PATIENCE = 30.0
"""Seconds for a run that is paused to end."""


def trades_on_paper(engine: Engine, bot: str) -> bool:
    """Whether a process of that name trades with play money here, and at no exchange."""
    unit = engine.orchestrator.units.get(bot)
    return unit is not None and kind_name(unit.plan.path) in KINDS


def held_on_paper(engine: Engine, bot: str) -> bool:
    """Whether a process of that name holds anything on paper now."""
    return trades_on_paper(engine, bot) and bool(_position(engine, bot)[1])


def obey_paper_closing(engine: Engine) -> None:
    """Register who closes positions on paper."""
    engine.commands.register(ClosePaper, lambda command, by: _close(engine, command, by))


def _close(engine: Engine, command: ClosePaper, by: str) -> Future[Any]:
    done: Future[Any] = Future()
    tape, position = _position(engine, command.bot) if trades_on_paper(engine, command.bot) else (None, "")
    if tape is None or not position:
        done.set_exception(Refused(f"nothing is held on paper by {command.bot}; 'dreamscape positions' shows who does"))
        return done
    if command.symbol not in ("", tape.market):
        what = f"nothing of {command.symbol} is held on paper by {command.bot}, which holds {tape.market}"
        done.set_exception(Refused(what))
        return done
    if command.position not in ("", position):
        done.set_exception(Refused(f"that position was left meanwhile; what {command.bot} holds now is another one"))
        return done
    told: dict[str, Any] = {"bot": command.bot, "markets": [tape.market], "paper": True}

    def pass_on(ran: Future[Any]) -> None:
        error = ran.exception()
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(told)

    if engine.orchestrator.units[command.bot].paused_by:
        told["paused"] = True
        closing = partial(_close_paused, engine, command.bot, position, by)
        engine.workers.start(f"close {command.bot} {id(command)}", lambda: closing().add_done_callback(pass_on))
    else:
        engine.commands.dispatch(RunAnew(command.bot, {"close": position}), by).add_done_callback(pass_on)
    return done


def _position(engine: Engine, bot: str) -> tuple[BotTape | None, str]:
    """Its tape, and the position that it holds; empty for none."""
    tapes: tuple[BotTape, ...] = engine.board.values.get(TradingTapes.name) or ()
    tape = next((each for each in tapes if each.bot == bot), None)
    return tape, tape.position if tape is not None else ""


def _close_paused(engine: Engine, bot: str, position: str, by: str) -> Future[Any]:
    """End the run that holds, and have one that closes the position and does nothing else: it stays paused. Blocks."""
    failed: Future[Any] = Future()
    try:
        engine.clock.result(engine.commands.dispatch(CancelProcess(bot), by))
        until = engine.clock.monotonic() + PATIENCE
        while bot in engine.ask(engine.orchestrator.running):
            if engine.clock.monotonic() >= until:
                raise Refused(f"the run of {bot} that is paused did not end within {PATIENCE:.0f} s")
            engine.clock.wakeup().wait(0.1)
    except Exception as error:
        failed.set_exception(error)
        return failed
    return engine.commands.dispatch(RunAnew(bot, {"close": position, "only_close": True}, reduces=True), by)
