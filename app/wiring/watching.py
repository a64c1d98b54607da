"""File-change triggers: one watch for each, in a worker, telling the core which process is due."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import Engine
from services.orchestrator.file_watch import FileWatch
from services.orchestrator.triggers import OnFiles, describe
from services.orchestrator.unit import Due, Unit

log = logging.getLogger(__name__)


@dataclass
class FileTriggers:
    """The watches of all units that have file triggers."""

    engine: Engine
    base: Path
    _watches: list[FileWatch] = field(default_factory=list)

    def watch(self, unit: Unit) -> None:
        """Begin to watch what the unit's triggers name."""
        for number, trigger in enumerate(unit.plan.triggers):
            if isinstance(trigger, OnFiles):
                self._begin(unit, trigger, number)

    def stop(self) -> None:
        for watch in self._watches:
            watch.stop()

    def _begin(self, unit: Unit, trigger: OnFiles, number: int) -> None:
        def changed(paths: frozenset[Path]) -> None:
            first = min(paths)
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            due = Due(f"{first.name}{more} changed")
            log.info("%s is due: %s (%s)", unit.name, due.why, describe(trigger))
            self.engine.loop.post(self.engine.orchestrator.supervisor.due, unit, due)

        watch = FileWatch(trigger, self.base, self.engine.clock, changed)
        self._watches.append(watch)
        self.engine.workers.start(f"watch {unit.name} {number}", watch.run)
