"""The bots that trade at the exchange, as the account has to know them: which there are, and which do not run now."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.wiring.plans.kinds import path_of
from services.core.process import State
from services.orchestrator.units.unit import Unit
from services.trading.desk.presence import Absent
from services.trading.live.trader import LiveTrader

if TYPE_CHECKING:
    from app.engine import Engine

_RUNS = (State.STARTING, State.RUNNING)


def live_bots(engine: "Engine") -> tuple[str, ...]:
    """A process of another kind is none, whatever it is called: it looks after nothing at the exchange."""
    return tuple(unit.name for unit in _units(engine))


def absent_bots(engine: "Engine") -> dict[str, Absent]:
    """Those that do not run; what one that is paused wished for is given up, for that is what a pause is for."""
    return {unit.name: absent for unit in _units(engine) if (absent := _absent(unit)) is not None}


def _absent(unit: Unit) -> Absent | None:
    if unit.paused_by:
        return Absent(f"its bot is paused by {unit.paused_by}", for_good=True)
    if unit.state in _RUNS and not unit.leaving:
        return None
    because = f": {unit.because}" if unit.because else ""
    return Absent(f"its bot is {unit.state}{because}")


def _units(engine: "Engine") -> Iterator[Unit]:
    live = path_of(LiveTrader)
    return (unit for unit in tuple(engine.orchestrator.units.values()) if unit.plan.path == live)
