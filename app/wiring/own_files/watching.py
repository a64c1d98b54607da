"""File-change triggers: one watch for each, in a worker, telling the core which process is due."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import Engine
from services.core.errors import UserError
from services.orchestrator.events import Alert
from services.orchestrator.triggers.file_watch import FileWatch
from services.orchestrator.triggers.trigger import OnFiles, describe
from services.orchestrator.units.unit import Due, Unit

log = logging.getLogger(__name__)


@dataclass
class FileTriggers:
    """The watches of all units that have file triggers."""

    engine: Engine
    base: Path
    _watches: dict[str, tuple[tuple[OnFiles, ...], list[FileWatch]]] = field(default_factory=dict)

    def watch(self, unit: Unit) -> None:
        """Watch what the unit's triggers name, from now on and nothing else."""
        triggers = tuple(trigger for trigger in unit.plan.triggers if isinstance(trigger, OnFiles))
        known, _ = self._watches.get(unit.name, ((), []))
        if triggers != known:
            self.forget(unit.name)
            watches = [self._begin(unit, trigger, number) for number, trigger in enumerate(triggers)]
            self._watches[unit.name] = (triggers, watches)

    def forget(self, name: str) -> None:
        """Watch for this process no more."""
        for watch in self._watches.pop(name, ((), []))[1]:
            watch.stop()

    def watches(self, name: str) -> bool:
        """Whether the system watches by now for this process; what changes before is not seen."""
        _, found = self._watches.get(name, ((), []))
        return bool(found) and all(watch.watching.is_set() for watch in found)

    def stop(self) -> None:
        for name in tuple(self._watches):
            self.forget(name)

    def _begin(self, unit: Unit, trigger: OnFiles, number: int) -> FileWatch:
        def changed(paths: frozenset[Path]) -> None:
            first = min(paths)
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            due = Due(f"{first.name}{more} changed")
            log.info("%s is due: %s (%s)", unit.name, due.why, describe(trigger))
            self.engine.loop.post(self.engine.orchestrator.supervisor.due, unit, due)

        watch = FileWatch(trigger, self.base, self.engine.clock, changed)
        begin(self.engine, watch, f"{unit.name} {number}", unit.name)
        return watch


def begin(engine: Engine, watch: FileWatch, name: str, about: str) -> None:
    """Watch in a worker until stopped; where the system refuses, that is told."""

    def run() -> None:
        try:
            watch.run()
        except UserError as refusal:
            log.error("%s", refusal)
            engine.journal.append(Alert(str(refusal), about))

    engine.workers.start(f"watch {name}", run)
