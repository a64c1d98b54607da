"""The launcher: makes runs of plans, in a thread or in a child interpreter, and hands back how they ended."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.core.clock import Clock
from services.core.errors import in_words
from services.core.logs import logging_as
from services.core.loop import CoreLoop
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Position
from services.core.process.lease import Lease
from services.core.workers import Workers
from services.core.yamlfile import value_in
from services.orchestrator.children.parent import ChildRunner
from services.orchestrator.definitions.building import build
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import Result
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.units.frames import frame_of
from services.orchestrator.units.host import House, RunHost
from services.orchestrator.units.records import Records
from services.orchestrator.units.run import Description, Ending, Run, Runner, ThreadRunner, new_control
from services.orchestrator.units.unit import Due, Unit

Ended = Callable[[Run, Ending], None]
Changed = Callable[[Run], None]


@dataclass
class Launcher:
    """Starts runs in workers. ``ended`` and ``changed`` are called on the core thread."""

    house: House
    loop: CoreLoop
    workers: Workers
    records: Records
    lease_seconds: float = 15.0
    prepared: dict[str, Process] = field(default_factory=dict)
    """Processes already built, by plan path ``object:NAME``: for processes of the house that hold live parts."""
    equip: dict[str, Callable[[Process], None]] = field(default_factory=dict)
    """Who gives live parts of the house to a process just built to run in a thread, by plan path."""

    @property
    def clock(self) -> Clock:
        return self.house.clock

    def launch(self, unit: Unit, due: Due, ended: Ended, changed: Changed) -> Run:
        """Begin a run of ``unit`` under a new epoch, whose record is opened before it can say a word."""
        unit.epoch += 1
        lease = Lease(unit.name, unit.epoch)
        control = new_control(self.clock)
        overrides = unit.once | due.overrides
        runner = _Deferred()
        now = self.clock.monotonic()
        run = Run(unit.name, unit.epoch, lease, control, runner, now, due.why, overrides, asked_by=due.by)
        alive, plan = frozenset(unit.runs), unit.plan
        parameters = plan.parameters | unit.settings | overrides
        self.records.run_started(unit, run, self.clock.now() + timedelta(seconds=self.lease_seconds))

        def work() -> None:
            self._work(plan, run, runner, parameters, alive, ended, changed)

        # Only after this step of the core, when the run's record has been handed over to the writer.
        self.loop.post(self.workers.start, thread_name(run), work)
        return run

    def end(self, run: Run) -> None:
        """End at once what can be ended of a run; in a worker, since to find all of a tree takes its time."""
        self.workers.start(f"end {thread_name(run)}", run.runner.stop)

    def frame(self, run: Run) -> str:
        """Where a run's worker thread stands."""
        return frame_of(self.workers.thread_of(thread_name(run)))

    def _work(
        self,
        plan: Plan,
        run: Run,
        deferred: "_Deferred",
        parameters: dict[str, Any],
        alive: frozenset[int],
        ended: Ended,
        changed: Changed,
    ) -> None:
        """In a worker: settle what earlier runs left open, then run, then say how it ended."""
        try:
            self.house.acts.look_up_open(run.process, alive)
            position = self._position(plan, run, alive)
            description = Description(
                run.process, plan.path, parameters, run.epoch, position, run.overrides, plan.version
            )
            host = RunHost(
                self.house, run.lease, run.control, lambda: self.loop.post(changed, run), parallel=_is_parallel(plan)
            )
            run.lease.check()  # what the looking up waited for may have taken longer than we did
            deferred.become(self._runner(plan, run, description, host))
            self.loop.post(changed, run)
            with logging_as(thread_name(run), run.process):
                ending = deferred.execute()
        except ConfigurationFault as error:
            ending = Ending(Result.MISCONFIGURED, str(error))
        except Exception as error:
            ending = Ending(Result.FAILED, in_words(error), traceback.format_exc())
        if ending.parameter:
            ending = replace(ending, detail=f"{_place_of(plan, parameters, ending.parameter)}: {ending.detail}")
        # Before anything is said of it: an ending goes on into states, alerts, decisions and rows.
        self.loop.post(ended, run, ending.cleaned(self.house.journal.clean))

    def _position(self, plan: Plan, run: Run, alive: frozenset[int]) -> Position | None:
        if _is_parallel(plan):
            return self.records.take_over(run.process, run.epoch, alive)
        return self.records.position(run.process)

    def _runner(self, plan: Plan, run: Run, description: Description, host: RunHost) -> Runner:
        if plan.isolation is Isolation.PROCESS:
            return ChildRunner(description, host, self.clock, self.lease_seconds, plan.modules, self.workers.start)
        return ThreadRunner(description, self._build, host, self.clock, lambda: self.frame(run))

    def _build(self, description: Description) -> Process:
        if prepared := self.prepared.get(description.path):
            return prepared
        process = build(description.path, description.parameters, description.name)
        if equip := self.equip.get(description.path):
            equip(process)
        return process


def _place_of(plan: Plan, parameters: dict[str, Any], name: str) -> str:
    """Where a parameter was given: in the file that defines the process, unless it was set since."""
    if not plan.source or parameters.get(name) != plan.parameters.get(name):
        return f"{name} of {plan.name}"
    return value_in(Path(plan.source), "with", name)


class _Deferred:
    """A runner that is not known before its worker has begun."""

    def __init__(self) -> None:
        self._runner: Runner | None = None
        self._stopped = False

    def become(self, runner: Runner) -> None:
        self._runner = runner
        if self._stopped:
            runner.stop()

    def execute(self) -> Ending:
        assert self._runner is not None
        return self._runner.execute()

    def tell(self) -> None:
        if self._runner is not None:
            self._runner.tell()

    def renew(self) -> None:
        if self._runner is not None:
            self._runner.renew()

    @property
    def killable(self) -> bool:
        return self._runner is None or self._runner.killable

    @property
    def grace(self) -> float:
        return self._runner.grace if self._runner is not None else 0.0

    def stop(self) -> None:
        self._stopped = True
        if self._runner is not None:
            self._runner.stop()

    def probe(self) -> None:
        if self._runner is not None:
            self._runner.probe()

    def where(self) -> str:
        return self._runner.where() if self._runner is not None else "before its first step"


def _is_parallel(plan: Plan) -> bool:
    return plan.overlap is Overlap.PARALLEL


def thread_name(run: Run) -> str:
    return f"{run.process}#{run.epoch}"
