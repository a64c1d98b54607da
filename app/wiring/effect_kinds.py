"""The kinds of effects that say how they stand before a person: who shows decisions has to know their classes."""

from importlib import import_module

MODULES = (
    "services.debugger.concerns",
    "services.engagement.effects",
    "services.trading.desk.waiting",
    "services.trading.learning.effects",
)


def know_all() -> None:
    """Import them all, before decisions are read; each is small."""
    for module in MODULES:
        import_module(module)
