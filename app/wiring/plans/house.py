"""The house's own processes: housekeeping, with what trading and engagement know of what is over in their books, and
what compiles for sweeps beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import Engine
from app.paths import Home
from app.settings import Loaded
from app.settings.model import Store
from services.core.process import Process
from services.engagement.sandbox.forgetting import OldPosts
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.housekeeping.plans import Keeping, house_plans
from services.trading.paper.broker import PaperBroker
from services.trading.paper.over import ReplaysOver
from services.trading.sweep.warm_up import SweepWarmUp, wants_warm_up

if TYPE_CHECKING:
    from services.trading.desk.door import Door


WARM_UP = "sweep-warm-up"
WARM_UP_AFTER = 120.0
"""Seconds that the program has stood by then: whoever has just started it waits for other things."""


def house_processes(engine: Engine, home: Home, store: Store, *, warms_up: bool = False) -> list[tuple[Plan, Process]]:
    """The processes of housekeeping with their plans, by what the settings say of the store; and, where this program
    ``warms_up``, what compiles for sweeps, unless that was done before."""
    compiles = [_warm_up(engine, home)] if warms_up and wants_warm_up(home.compiled) else []
    return [*_housekeeping(engine, home, store), *compiles]


def _warm_up(engine: Engine, home: Home) -> tuple[Plan, Process]:
    process = SweepWarmUp(home.compiled, engine.clock.monotonic() + WARM_UP_AFTER)
    plan = Plan(
        name=WARM_UP,
        path=f"object:{WARM_UP}",
        service=process.service,
        isolation=process.isolation,
        heartbeat=process.heartbeat,
        restart=process.restart,
        priority=9,
    )
    return plan, process


def _housekeeping(engine: Engine, home: Home, store: Store) -> list[tuple[Plan, Process]]:
    keeping = Keeping(
        disk_cap_mb=store.disk_cap_mb,
        events_keep_days=store.events_keep_days,
        decisions_keep_days=store.decisions_keep_days,
        replay_keep_days=store.replay_keep_days,
        backups_keep=store.backups_keep,
    )
    return house_plans(
        engine.projections,
        engine.files,
        backups=home.backups,
        logs=home.logs,
        reports=home.reports,
        endings=ReplaysOver(PaperBroker(home.paper)),
        books={"the paper account": home.paper, "the sandbox network": home.sandbox},
        outsides=[OldPosts(home.sandbox, engine.clock)],
        keeping=keeping,
    )


def door_of(engine: Engine, loaded: Loaded | None) -> Door | None:
    """The way to the account process; None where the settings name no exchange."""
    if loaded is None or loaded.settings.trading.exchange is None:
        return None
    from app.wiring.account import open_door

    return open_door(engine)
