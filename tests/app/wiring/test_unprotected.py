from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wiring.plans.kinds import path_of
from app.wiring.projections import all_projections
from app.wiring.unprotected import tell_unprotected, unprotected_bots
from services.core.process import Process
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.history.projections import Pulse
from services.trading.live.trader import LiveTrader
from services.trading.paper.process import ReplayTrader
from tests.support.manual_clock import ManualClock
from tests.support.program import Program
from tests.support.strategies import strategy_text


def plan(name: str, folder: Path, kind: type[Process] = LiveTrader, **changes: object) -> Plan:
    file = folder / f"{name}.yaml"
    file.write_text(strategy_text(**changes), encoding="utf-8")
    return Plan(name=name, path=path_of(kind), service="trading", parameters={"strategy": str(file)})


def test_the_bots_that_trade_live_without_a_stop_are_named(tmp_path: Path) -> None:
    plans = [
        plan("bare", tmp_path),
        plan("stopped", tmp_path, stop={"percent": 2}),
        plan("trailed", tmp_path, trailing={"percent": 2}),
        plan("on-paper", tmp_path, ReplayTrader),
        plan("broken", tmp_path, timeframe="soon"),
    ]
    assert unprotected_bots(plans) == ("bare",)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path, ManualClock(), {}).open(all_projections())
    yield made
    made.close()


def test_a_bot_without_a_stop_is_one_alert_from_its_beginning_till_it_has_one(told: Program) -> None:
    def alerts() -> list[str]:
        told.wait(told.engine.journal.append())
        told.advance(1.0)
        return [alert.what for alert in told.engine.view.value(Pulse).alerts]

    journal = told.engine.journal
    for _ in range(2):
        tell_unprotected(journal, "bare", True)
    tell_unprotected(journal, "stopped", False)
    assert alerts() == ["bare trades without a stop: only its score leaves a position"]
    tell_unprotected(journal, "bare", False)
    assert alerts() == []
