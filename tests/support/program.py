"""The program without its window, on a manual clock and a real store, for tests that read as sentences."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.engine import Engine, Places
from services.core.clock import Clock
from services.core.commands import Command
from services.core.decisions.ledger import Origin
from services.core.effects import Effect, Handler
from services.core.events import Event, Recorded
from services.core.journal import Work
from services.core.process import Isolation, Process, State
from services.core.store.backup import backup_to
from services.core.workers import ThreadWorkers
from services.orchestrator.commands import CancelProcess, PauseProcess, ResumeProcess
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import ProcessChanged
from services.orchestrator.units.unit import Unit
from tests.support.manual_clock import ManualClock


class Program:
    """An engine in a folder. ``restart`` ends it cleanly and opens it again, maybe some time ``later``."""

    def __init__(
        self,
        folder: Path,
        clock: Clock | None = None,
        handlers: dict[type[Effect], Handler] | None = None,
        limits: Mapping[str, int] | None = None,
    ):
        self.folder = folder
        self.limits = limits or {}
        self.clock = clock or ManualClock()
        self.handlers = handlers or {}
        self.plans: dict[str, Plan] = {}
        self.engine = self._engine()

    def _engine(self) -> Engine:
        places = Places(self.folder / "dreamscape.db", self.folder / "samples", self.folder / "backups")
        return Engine(places, self.clock, ThreadWorkers(self.clock), dict(self.handlers), self.limits)

    def open(self, projections: Sequence[Any] = ()) -> "Program":
        self.engine.open(list(projections))
        self.engine.assemble(self._learn)
        self.engine.start(tuple(self.plans.values()))
        self.settle()
        return self

    def _learn(
        self, learner: str, arms: Sequence[str], rewards: dict[str, float], origin: Origin, also: Work[None]
    ) -> dict[str, float]:
        """All arms weigh the same, whatever came of them; what belongs to the rewards is kept."""
        self.clock.result(self.engine.journal.write(also))
        return {arm: 1 / len(arms) for arm in arms}

    def start(self, process: Process | type[Process], name: str = "bot", **plan: Any) -> Unit:
        """Put a process under supervision and begin it."""
        described = self.plan_of(process, name, **plan)
        self.plans[name] = described
        unit: Unit = self.engine.ask(lambda: self._begin(described))
        self.settle()
        return unit

    def plan_of(self, process: Process | type[Process], name: str, **plan: Any) -> Plan:
        kind = process if isinstance(process, type) else type(process)
        isolation = plan.pop("isolation", Isolation.THREAD)
        path = f"{kind.__module__}:{kind.__qualname__}"
        if isinstance(process, Process):
            path = f"object:{name}"
            self.engine.orchestrator.supervisor.launcher.prepared[path] = process
        values = {"service": kind.service, "heartbeat": kind.heartbeat, "restart": kind.restart} | plan
        return Plan(name=name, path=path, isolation=isolation, goes_on=kind.goes_on, **values)

    def _begin(self, plan: Plan) -> Unit:
        unit = self.engine.orchestrator.define(plan)
        self.engine.orchestrator.begin(unit)
        return unit

    def tell(self, command: Command, by: str = "user") -> Any:
        result = self.wait(self.engine.commands.dispatch(command, by))
        self.settle()
        return result

    def pause(self, name: str = "bot") -> None:
        self.tell(PauseProcess(name))

    def resume(self, name: str = "bot") -> None:
        self.tell(ResumeProcess(name))

    def cancel(self, name: str = "bot") -> None:
        self.tell(CancelProcess(name))

    def wait(self, future: "Future[Any]") -> Any:
        return future.result(20)

    def settle(self) -> None:
        """Let everything come to rest without time passing."""
        if isinstance(self.clock, ManualClock):
            self.clock.rest()

    def advance(self, duration: timedelta | float) -> None:
        assert isinstance(self.clock, ManualClock)
        self.clock.advance(duration)

    def unit(self, name: str = "bot") -> Unit:
        return self.engine.orchestrator.units[name]

    def state_of(self, name: str = "bot") -> State:
        return self.unit(name).state

    def events(self, kind: type[Event] | None = None) -> list[Any]:
        """What the journal holds, read from disk."""
        if not isinstance(self.clock, ManualClock) and self.engine.loop.running:
            self.engine.ask(lambda: None)  # what the core does at this moment is handed over when it has done it
            self.wait(self.engine.journal.write(lambda tx: None))
        found: list[Recorded] = list(self.engine.journal.read())
        return [recorded.event for recorded in found if kind is None or isinstance(recorded.event, kind)]

    def states(self, name: str = "bot") -> list[State]:
        """Every state the process came to, as the journal tells it."""
        return [event.state for event in self.events(ProcessChanged) if event.process == name]

    def close(self) -> Any:
        """End as a user would. On a manual clock time passes by itself meanwhile."""
        import threading

        result: list[Any] = []
        thread = threading.Thread(target=lambda: result.append(self.engine.close()))
        thread.start()
        while thread.is_alive():
            if isinstance(self.clock, ManualClock):
                self.clock.advance(0.25)
            thread.join(0.002)
        return result[0] if result else None

    def restart(
        self, projections: Sequence[Any] = (), later: timedelta | None = None, safe_mode: bool = False
    ) -> "Program":
        self.close()
        if later is not None:
            self.advance(later)
        return self._reopen(projections, safe_mode)

    def killed(self, projections: Sequence[Any] = ()) -> "Program":
        """What ``kill -9`` leaves, started again: the store as it is now, and nothing of what is done in the end."""
        self.wait(self.engine.journal.write(lambda tx: None))
        store = self.engine.store
        kept = backup_to(store, self.folder / "as-it-is.db")
        self.close()
        kept.replace(store.path)
        return self._reopen(projections)

    def _reopen(self, projections: Sequence[Any], safe_mode: bool = False) -> "Program":
        prepared = self.engine.orchestrator.supervisor.launcher.prepared
        self.engine = self._engine()
        self.engine.safe_mode = safe_mode
        self.engine.open(list(projections))
        self.engine.assemble(self._learn)
        self.engine.orchestrator.supervisor.launcher.prepared.update(prepared)
        self.engine.start(tuple(self.plans.values()))
        self.settle()
        return self
