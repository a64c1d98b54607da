"""Alerts about what goes on being so: told once, over any number of starts, and taken back when it is so no more."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.engine import Engine
from services.orchestrator.events import Alert, AlertOver
from services.orchestrator.history.projections import Pulse


@dataclass
class OpenAlerts:
    """The alerts about one matter. One thread at a time; not the core's."""

    engine: Engine
    about: str
    told: set[str] = field(init=False)
    """What was told and is not over, by this start or an earlier one."""

    def __post_init__(self) -> None:
        shown = self.engine.ask(lambda: self.engine.projections.live[Pulse.name].value())
        self.told = {alert.what for alert in shown.alerts if alert.about == self.about}

    def follow(self, now: Collection[str]) -> list[str]:
        """Tell of what is wrong ``now``, and take back what is not; returns what was news."""
        now = [self.engine.redactor.clean(what) for what in now]  # as the journal keeps and shows it
        fresh, over = [what for what in now if what not in self.told], sorted(self.told.difference(now))
        told = [*(Alert(what, self.about) for what in fresh), *(AlertOver(what, self.about) for what in over)]
        if told:
            self.engine.journal.append(*told)
        self.told = set(now)
        return fresh
