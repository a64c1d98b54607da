"""A position on paper, closed by a person: its bot's run begins anew where it was, with that position to be left."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from app.wiring.plans.kind_names import kind_name
from services.core.effects import Refused
from services.orchestrator.commands import RunAnew
from services.trading.paper.commands import ClosePaper
from services.trading.tape import BotTape, TradingTapes

if TYPE_CHECKING:
    from app.engine import Engine

KINDS = ("trading.replay", "trading.paper")


def trades_on_paper(engine: Engine, bot: str) -> bool:
    """Whether a process of that name trades with play money here, and at no exchange."""
    unit = engine.orchestrator.units.get(bot)
    return unit is not None and kind_name(unit.plan.path) in KINDS


def obey_paper_closing(engine: Engine) -> None:
    """Register who closes positions on paper."""
    engine.commands.register(ClosePaper, lambda command, by: _close(engine, command, by))


def _close(engine: Engine, command: ClosePaper, by: str) -> Future[Any]:
    done: Future[Any] = Future()
    tapes: tuple[BotTape, ...] = engine.board.values.get(TradingTapes.name) or ()
    tape = next((each for each in tapes if each.bot == command.bot), None)
    position = tape.position if tape is not None and trades_on_paper(engine, command.bot) else ""
    if tape is None or not position:
        done.set_exception(Refused(f"nothing is held on paper by {command.bot}"))
        return done
    if command.position not in ("", position):
        done.set_exception(Refused(f"that position was left meanwhile; what {command.bot} holds now is another one"))
        return done
    told = {"bot": command.bot, "markets": [tape.market], "paper": True}

    def pass_on(ran: Future[Any]) -> None:
        error = ran.exception()
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(told)

    engine.commands.dispatch(RunAnew(command.bot, {"close": position}), by).add_done_callback(pass_on)
    return done
