"""Our own processes, that tell at their end what their interpreter has imported by then."""

import sys

from services.core.events import Event
from services.core.process.context import Context
from services.debugger.watch import ProjectWatch
from services.engagement.runner import CampaignRunner
from services.trading.paper.process import ReplayTrader

HEAVY = ("PyQt6", "sqlalchemy", "alembic", "pydantic_settings", "openai", "ccxt", "tweepy")


class Loaded(Event, name="test.loaded"):
    """Which of the heavy packages are there, beside ``total`` modules in all."""

    heavy: list[str]
    total: int


def tell_loaded(context: Context) -> None:
    context.emit(Loaded([name for name in HEAVY if name in sys.modules], len(sys.modules)))


class Trader(ReplayTrader):
    """The trader."""

    def run(self, context: Context) -> None:
        try:
            super().run(context)
        finally:
            tell_loaded(context)


class Campaign(CampaignRunner):
    """The campaign."""

    def run(self, context: Context) -> None:
        try:
            super().run(context)
        finally:
            tell_loaded(context)


class Watch(ProjectWatch):
    """The project watch."""

    def run(self, context: Context) -> None:
        try:
            super().run(context)
        finally:
            tell_loaded(context)
