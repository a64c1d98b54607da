"""What a command brings about a moment after it is on disk, waited for so that its answer tells what was reached."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from app.engine import Engine
from services.core.events import Recorded
from services.core.process import State
from services.core.process.context import Order
from services.orchestrator.history.projections import Processes, ProcessesValue

PATIENCE = 5.0
"""Seconds that is waited for; what takes longer is told as what is still to come."""


@dataclass(frozen=True)
class Reached:
    """Waits for what the runs of processes come to. Blocks; never on the core's thread."""

    engine: Engine

    def runs_of(self, name: str) -> frozenset[int]:
        """The epochs that run now."""
        unit = self.engine.orchestrator.units.get(name)
        return frozenset(unit.runs) if unit is not None else frozenset()

    def held(self) -> frozenset[str]:
        """What is paused, or will be once its runs have ended or what bars it is over."""
        units = self.engine.orchestrator.units
        told: frozenset[str] = self.engine.ask(lambda: frozenset(name for name, u in units.items() if u.paused_by))
        return told

    def end_of(self, name: str, epochs: frozenset[int]) -> None:
        """Until these runs have ended, and what their end led to is on disk."""
        until = self.engine.clock.monotonic() + PATIENCE
        while epochs & self.runs_of(name) and self.engine.clock.monotonic() < until:
            self.engine.clock.wakeup().wait(0.05)
        if epochs:  # what their end led to was decided with it on the core, and then written
            self.engine.ask(lambda: None)
            self.engine.clock.result(self.engine.journal.write(lambda tx: None))

    def going_on(self, name: str) -> frozenset[str]:
        """Until the runs that were told to go on do, and that is on disk; those that still hold. ``*`` means all."""
        gone: Future[None] = Future()

        def look(batch: Sequence[Recorded] = ()) -> None:
            if not (self._holding(name) or gone.done()):
                gone.set_result(None)

        leave = self.engine.ask(lambda: self.engine.bus.subscribe("going on", look))
        self.engine.ask(look)
        with suppress(TimeoutError):
            self.engine.clock.result(gone, PATIENCE)
        self.engine.ask(leave)
        still: frozenset[str] = self.engine.ask(lambda: self._holding(name))
        return still

    def _holding(self, name: str) -> frozenset[str]:
        """Those that are kept as paused although nothing tells their runs to hold. On the core's thread."""
        known = self.engine.projections.live[Processes.name].value()
        assert isinstance(known, ProcessesValue)
        kept = {row.name for row in known.rows if row.state is State.PAUSED and name in ("*", row.name)}
        units = [unit for each, unit in self.engine.orchestrator.units.items() if each in kept and unit.runs]
        return frozenset(
            unit.name for unit in units if all(run.control.order is not Order.PAUSE for run in unit.runs.values())
        )
