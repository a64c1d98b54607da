"""What a bot on paper holds can be closed, whatever keeps it from trading on."""

from services.orchestrator.supervision.holds import Hold
from services.trading.paper.commands import ClosePaper
from services.trading.tape import TradingTapes
from tests.support.own import Mine
from tests.support.strategies import strategy_text


def position(mine: Mine) -> str:
    engine = mine.running.engine
    engine.ask(engine.projections.show)
    tapes = engine.board.values.get(TradingTapes.name) or ()
    return next((tape.position for tape in tapes if tape.bot == "swing"), "")


def test_what_a_bot_holds_that_a_guard_has_stopped_is_closed(mine: Mine) -> None:
    mine.write("strategies/trading/swing.yaml", strategy_text(name="swing", data="generated"))
    mine.start()
    mine.until(lambda: position(mine), "it has bought")
    orchestrator = mine.running.engine.orchestrator
    hold = Hold("rule:drawdown", "its drawdown is 12 %", "rearm it")
    mine.running.engine.ask(lambda: orchestrator.supervisor.pause(orchestrator.units["swing"], "rule:drawdown"))
    mine.until(lambda: mine.unit("swing").state == "paused", "it is paused")
    was = position(mine)
    assert was
    orchestrator.held = lambda name: hold if name == "swing" else None
    mine.tell(ClosePaper("swing", was))
    mine.until(lambda: position(mine) != was, "it is closed")
