from pathlib import Path

from app.wiring.plans.kinds import path_of
from app.wiring.unprotected import unprotected_bots
from services.core.process import Process
from services.orchestrator.definitions.plan import Plan
from services.trading.live.trader import LiveTrader
from services.trading.process import ReplayTrader
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
