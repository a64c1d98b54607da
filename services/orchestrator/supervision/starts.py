"""Starts that are due but may not go yet: they wait for what they come after, then for a place in their service."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from services.orchestrator.definitions.dependencies import waits_for
from services.orchestrator.supervision.admission import Start, admit
from services.orchestrator.units.unit import Due, Unit


@dataclass
class Starts:
    """All starts that wait. On the core thread alone."""

    units: Mapping[str, Unit]
    limits: Mapping[str, int]
    """Runs at once for each service; a service without one is not limited."""
    now: Callable[[], float]
    launch: Callable[[Unit, Due], None]
    waits: Callable[[Unit, str], None]
    """Told that a unit waits, and for what."""
    again: Callable[[Unit, Due], Any]
    """Takes a start that waited for others as if it were due only now: meanwhile the unit may have begun to run."""
    _numbers: "count[int]" = field(default_factory=count)
    _blocked: list[tuple[Unit, Due]] = field(default_factory=list)
    _placeless: list[tuple[Start, Unit, Due]] = field(default_factory=list)

    def ask(self, unit: Unit, due: Due) -> None:
        """Start as soon as may be; what a person wants at once waits for a place, but for no other process."""
        missing = self._missing(unit)
        if missing and due.by != "user":
            self._blocked.append((unit, due))
            self.waits(unit, _to_run(missing))
            return
        start = Start(unit.plan.priority, self.now(), unit.name, unit.plan.service, next(self._numbers))
        self._placeless.append((start, unit, due))
        self.admit()

    def admit(self) -> None:
        """Let those go for which there is a place, by priority within each service."""
        running: Counter[str] = Counter()
        for unit in self.units.values():
            running[unit.plan.service] += len(unit.runs)
        admitted = set(admit((start for start, _, _ in self._placeless), running, self.limits))
        going = sorted((entry for entry in self._placeless if entry[0] in admitted), key=lambda entry: entry[0])
        self._placeless = [entry for entry in self._placeless if entry[0] not in admitted]
        for _, unit, due in going:
            self.launch(unit, due)
        for _, unit, _ in self._placeless:
            self.waits(unit, f"a place among the runs of {unit.plan.service}")

    def unblock(self) -> None:
        """A process runs, or is gone: let go what waited for nothing else."""
        blocked, self._blocked = self._blocked, []
        for unit, due in blocked:
            missing = self._missing(unit)
            if missing:
                self._blocked.append((unit, due))
                self.waits(unit, _to_run(missing))
            else:
                self.again(unit, due)

    def count(self, unit: Unit) -> int:
        """How many starts of the unit wait."""
        return sum(1 for waiting, _ in self._all() if waiting is unit)

    def waiting(self) -> dict[str, list[Due]]:
        """The starts that wait, by the name of their unit, each in the order of their coming."""
        found: dict[str, list[Due]] = {}
        for unit, due in self._all():
            found.setdefault(unit.name, []).append(due)
        return found

    def forget(self, unit: Unit) -> list[Due]:
        """Let none of the unit's starts go; returns them, in the order of their coming."""
        forgotten = [due for waiting, due in self._all() if waiting is unit]
        self._blocked = [entry for entry in self._blocked if entry[0] is not unit]
        self._placeless = [entry for entry in self._placeless if entry[1] is not unit]
        return forgotten

    def _all(self) -> list[tuple[Unit, Due]]:
        return [*((unit, due) for _, unit, due in self._placeless), *self._blocked]

    def _missing(self, unit: Unit) -> list[str]:
        """What the unit comes after and is not ready; a name that nothing bears any more holds up nobody."""
        ready = {name for name, other in self.units.items() if other.ready}
        after = {unit.name: unit.plan.after}
        return [name for name in waits_for(unit.name, after, ready) if name in self.units]


def _to_run(names: list[str]) -> str:
    return f"{', '.join(names)} to run"
