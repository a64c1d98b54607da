"""Brings changed settings into force while the program runs; what is not named here counts from the next start on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from app.settings.model import Settings
from services.core.process import Process
from services.orchestrator.housekeeping import Backup, Retention
from services.orchestrator.units.backoff import Intensity

if TYPE_CHECKING:
    from app.engine import Engine
    from app.logs import Logs


def bring_into_force(settings: Settings, engine: Engine, logs: Logs, housekeeping: Iterable[Process]) -> None:
    """Log level, limits and what is kept; a run of housekeeping that goes on ends by what it began with. Blocks."""
    logs.use(settings.log.level, settings.log.escalation_seconds)
    limits = settings.orchestrator.limits.model_dump()
    engine.ask(lambda: engine.orchestrator.supervisor.use(limits, intensity(settings)))
    for process in housekeeping:
        if isinstance(process, Retention):
            store = settings.store
            process.keep_days, process.cap_mb = store.events_keep_days, store.disk_cap_mb
            process.reasons_days, process.replay_days = store.decisions_keep_days, store.replay_keep_days
        elif isinstance(process, Backup):
            process.keep = settings.store.backups_keep


def intensity(settings: Settings) -> Intensity:
    """How many restarts of all processes within a time are still tried."""
    said = settings.orchestrator
    return Intensity(said.restarts_at_most, timedelta(seconds=said.restarts_within_seconds))
