"""What the start says of the candles that the strategies read."""

from pathlib import Path

import pytest

from app.paths import Home
from app.settings.model import Settings, Trading
from app.wiring.plans.feeds import describe_feeds
from app.wiring.plans.kinds import path_of
from services.orchestrator.definitions.plan import Plan
from services.trading.live.trader import LiveTrader
from services.trading.paper.process import ReplayTrader
from tests.support.strategies import strategy_text


def plan(kind: type[LiveTrader | ReplayTrader], strategy: Path) -> Plan:
    return Plan(
        name=f"{kind.__name__}-{strategy.stem}", path=path_of(kind), service="trading",
        isolation=kind.isolation, heartbeat=kind.heartbeat, priority=0, parameters={"strategy": str(strategy)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "told"),
    [((LiveTrader,), "live: binance"), ((LiveTrader, ReplayTrader), "generated"), ((), "generated")],
)
def test_a_strategy_that_is_traded_at_the_exchange_alone_reads_no_generated_candles(tmp_path, kinds, told):
    home = Home(tmp_path / "home").create()
    (home.strategies / "trading").mkdir(parents=True, exist_ok=True)
    file = home.strategies / "trading" / "trend.yaml"
    file.write_text(strategy_text(data="generated"), encoding="utf-8")
    settings = Settings(trading=Trading(exchange="binance"))
    assert told in describe_feeds(home, settings, [plan(kind, file) for kind in kinds])
