"""Commands, replans, failures and endings in any order: what supervision promises holds after each of them."""

import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.core.clock import Wakeup
from services.core.durations import minutes, seconds
from services.core.process import TRANSITIONS, ConfigurationFault, Process, Restart, State
from services.core.process.context import Context
from services.orchestrator.commands import (
    CancelProcess,
    NoSuchProcess,
    NotNow,
    PauseProcess,
    ResumeProcess,
    RunNow,
)
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import ProcessChanged, RunEnded, RunStarted
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Every
from tests.support.examples import examples
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

NAMES = ("bot", "second")
BARS = ({}, {}, {"fault": "it is mistaken"}, {"awaits": "your approval"})
UNIT = st.sampled_from(NAMES)


class Obedient(Process):
    """Comes to a checkpoint each second, until its test tells it how to end."""

    heartbeat = seconds(5)
    restart = Restart(first=seconds(4), cap=seconds(8), at_most=2, within=minutes(2), half_open=minutes(1))
    ends: list[str]
    """What the next run that looks does: finish, fail, hang, misconfigured."""
    gate: Wakeup
    word: str = ""

    def run(self, context: Context) -> None:
        while True:
            match self.ends.pop() if self.ends else "":
                case "finish":
                    return
                case "fail":
                    raise RuntimeError("the sea is too wide")
                case "misconfigured":
                    raise ConfigurationFault("there is no ship")
                case "hang":
                    self.gate.wait()
            context.wait(1, "the next second")


class Faults(logging.Handler):
    """Faults of the program's own that are logged and hurt nobody at once."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.told.append(f"{record.getMessage()}: {record.exc_info[1]!r}")


class Supervision(RuleBasedStateMachine):
    """Two processes under one supervisor; the second one comes after nothing and has no schedule."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.program = Program(Path(self.folder.name), ManualClock()).open()
        self.ends: dict[str, list[str]] = {name: [] for name in NAMES}
        self.gate = self.program.clock.wakeup()
        self.processes = {name: Obedient(self.ends[name], self.gate) for name in NAMES}
        for name in NAMES:
            self.program.start(self.processes[name], name, **self.values(name))
        self.version = 0
        self.faults = Faults()
        logging.getLogger().addHandler(self.faults)

    def values(self, name: str) -> dict[str, Any]:
        return {"triggers": (Every(minutes(1)),) if name == "bot" else ()}

    def told(self, command: Any) -> None:
        try:
            self.program.tell(command)
        except (NotNow, NoSuchProcess):
            self.program.settle()

    @rule(name=UNIT)
    def pause(self, name: str) -> None:
        self.told(PauseProcess(name))

    @rule(name=UNIT)
    def resume(self, name: str) -> None:
        self.told(ResumeProcess(name))

    @rule(name=UNIT)
    def cancel(self, name: str) -> None:
        self.told(CancelProcess(name))

    @rule(name=UNIT, word=st.sampled_from(["", "special"]))
    def run_now(self, name: str, word: str) -> None:
        self.told(RunNow(name, {"word": word} if word else {}))

    @rule(name=UNIT, how=st.sampled_from(["finish", "fail", "fail", "hang", "misconfigured"]), soon=st.booleans())
    def ending(self, name: str, how: str, soon: bool) -> None:
        self.ends[name][:] = [how]
        if soon:
            self.program.advance(1)

    @rule(
        name=UNIT,
        bar=st.sampled_from(BARS),
        overlap=st.sampled_from([Overlap.SINGLE, Overlap.QUEUED, Overlap.RESTART]),
        other=st.booleans(),
        scheduled=st.booleans(),
    )
    def replan(self, name: str, bar: dict[str, str], overlap: Overlap, other: bool, scheduled: bool) -> None:
        self.version += other
        plan = self.plan(name)
        triggers = (Every(minutes(1)),) if scheduled else ()
        values: dict[str, Any] = {"fault": "", "awaits": "", "overlap": overlap, "triggers": triggers} | bar
        fresh = replace(plan, version=str(self.version) if other else plan.version, **values)
        self.program.engine.ask(lambda: self.program.engine.orchestrator.replan(fresh, "its file changed"))
        self.program.settle()

    def plan(self, name: str) -> Plan:
        unit = self.program.engine.orchestrator.units.get(name)
        return unit.plan if unit else self.program.plan_of(self.processes[name], name)

    @rule(name=UNIT)
    def remove(self, name: str) -> None:
        try:
            self.program.engine.ask(lambda: self.program.engine.orchestrator.remove(name, "user"))
        except NoSuchProcess:
            return
        self.program.settle()

    @rule(length=st.sampled_from([0.5, 2, 7, 30, 70]))
    def pass_time(self, length: float) -> None:
        self.program.advance(length)

    @precondition(lambda self: self.gate.is_set() is False)
    @rule()
    def let_go(self) -> None:
        """What hangs wakes, late maybe."""
        self.gate.set()
        self.program.settle()
        self.gate.clear()

    @rule(kill=st.booleans())
    def end_and_start_again(self, kill: bool) -> None:
        self.gate.set()
        units = self.program.engine.orchestrator.units
        self.program.plans = {name: unit.plan for name, unit in units.items() if not unit.leaving}
        if kill:
            self.program.killed()
        else:
            self.program.restart()
        self.gate.clear()

    @invariant()
    def nothing_failed_that_nobody_hears_of(self) -> None:
        assert not self.faults.told, self.faults.told

    @invariant()
    def it_is_as_promised(self) -> None:
        for unit in self.program.engine.orchestrator.units.values():
            told = f"{unit.name} is {unit.state} ({unit.because})"
            living = [run for run in unit.runs.values() if run.given_up is None]
            assert len(living) <= 1, f"{told}: {len(living)} runs live"
            if unit.plan.barred:
                assert all(run.cancelled_at is not None for run in living), f"{told}: a barred plan runs"
            if unit.state is State.PAUSED:
                assert all(run.control.holding or run.cancelled_at is not None for run in living), f"{told} and runs"
            if unit.state in (State.RUNNING, State.STARTING, State.PAUSING, State.STOPPING, State.STALLED):
                assert unit.runs, f"{told} without a run"
            if unit.state in (State.WAITING, State.STOPPED, State.BACKOFF, State.FAILED):
                assert not living, f"{told} and runs"

    def teardown(self) -> None:
        try:
            self.it_comes_to_rest()
            self.its_history_is_whole()
        finally:
            self.gate.set()
            self.program.close()
            logging.getLogger().removeHandler(self.faults)
            self.folder.cleanup()

    def it_comes_to_rest(self) -> None:
        """With nothing more told: what may run and is due runs, and nothing is stuck on its way."""
        for ends in self.ends.values():
            ends.clear()
        self.gate.set()
        self.program.advance(minutes(3) + seconds(2.5))  # not at the moment at which a schedule replaces a run
        for unit in self.program.engine.orchestrator.units.values():
            told = f"{unit.name} is {unit.state} ({unit.because}, by {unit.by}), paused by {unit.paused_by!r}"
            resting = (State.RUNNING, State.PAUSED, State.WAITING, State.STOPPED, State.FAILED)
            assert unit.state in resting, f"{told}: it is stuck"
            if unit.plan.barred:
                assert unit.state in (State.FAILED, State.WAITING, State.PAUSED), told
                assert not unit.runs, told
            elif unit.plan.triggers and not unit.paused_by and unit.state is not State.FAILED:
                assert unit.state is State.RUNNING, f"{told}: its schedule is silent"
            if not (unit.runs or unit.paused_by or unit.plan.barred):
                assert not unit.queue, f"{told}: {unit.queue} wait for ever"

    def its_history_is_whole(self) -> None:
        """Every run but those that live has ended once; states follow the table."""
        events = self.program.events()
        alive = {(unit.name, epoch) for unit in self.program.engine.orchestrator.units.values() for epoch in unit.runs}
        begun = [(event.process, event.epoch) for event in events if isinstance(event, RunStarted)]
        ended = [(event.process, event.epoch) for event in events if isinstance(event, RunEnded)]
        assert len(set(begun)) == len(begun), "an epoch came twice"
        assert sorted(ended) == sorted(set(begun) - alive)
        last: dict[str, State] = {}
        for event in events:
            if isinstance(event, ProcessChanged):
                before = last.get(event.process, State.STOPPED)
                assert event.state is before or event.state in TRANSITIONS[before] or before is State.STOPPED
                last[event.process] = event.state


Supervision.TestCase.settings = settings(
    max_examples=examples(15),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSupervision = Supervision.TestCase
