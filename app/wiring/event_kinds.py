"""Every kind of event the journal may hold: one whose class was never imported is kept, but cannot be read."""

from importlib import import_module

MODULES = (
    "app.control.definitions",
    "services.core.events.bus",
    "services.core.commands.command",
    "services.core.decisions.events",
    "services.core.rules.events",
    "services.debugger.events",
    "services.engagement.events",
    "services.orchestrator.events",
    "services.orchestrator.definitions.file_events",
    "services.orchestrator.housekeeping.events",
    "services.orchestrator.scripts.events",
    "services.trading.desk.events",
    "services.trading.anomalies.events",
    "services.trading.events",
    "services.trading.social.events",
    "services.trading.learning.events",
)


def know_all() -> None:
    """Import them all, before anything is read from the journal."""
    for module in MODULES:
        import_module(module)
