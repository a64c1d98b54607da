"""What passes between the program and a child that is slow to listen, suspended, or told things at an odd moment."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.durations import seconds
from services.core.process import Isolation, State
from services.orchestrator.events import Result, RunEnded
from services.orchestrator.units.run import Run
from tests.support.processes import LineWriter, Steps, WriteLine
from tests.support.program import Program
from tests.support.until import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="suspends a child by a signal")
MANY = 200_000
"""Words, of which a pipe holds far fewer."""


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path, SystemClock(), {WriteLine: LineWriter()}).open()
    yield running
    running.close()


def start(program: Program, tmp_path: Path, pace: float = 0.2) -> Run:
    parameters = {"path": str(tmp_path / "out.txt"), "upto": 1_000, "pace": pace}
    modules = ("tests.support.processes",)
    program.start(Steps, isolation=Isolation.PROCESS, parameters=parameters, modules=modules, heartbeat=seconds(5))
    until(lambda: program.state_of() is State.RUNNING)
    (run,) = program.unit().runs.values()
    return run


def test_a_child_that_does_not_read_holds_up_nobody(real: Program, tmp_path: Path) -> None:
    run = start(real, tmp_path)
    pid = run.runner._runner.pid  # type: ignore[attr-defined]
    os.kill(pid, signal.SIGSTOP)
    real.engine.ask(lambda: [run.runner.tell() for _ in range(MANY)])
    assert real.engine.ask(lambda: "the core lives") == "the core lives"
    until(lambda: real.events(RunEnded))
    assert real.events(RunEnded)[0].result is Result.STALLED
    until(lambda: real.state_of() is State.RUNNING)


def test_one_that_was_paused_long_is_not_taken_for_stalled_when_it_goes_on(real: Program, tmp_path: Path) -> None:
    run = start(real, tmp_path)
    real.pause()
    until(lambda: real.state_of() is State.PAUSED)
    run.control.beat_at -= 3_600  # an hour goes by
    real.resume()
    until(lambda: real.state_of() is State.RUNNING)
    real.engine.ask(real.engine.orchestrator.supervisor.watch)
    assert real.state_of() is State.RUNNING
    assert max(run.control.gaps) < 60


def test_one_that_is_ended_while_its_child_is_being_started_leaves_none(real: Program, tmp_path: Path) -> None:
    parameters = {"path": str(tmp_path / "out.txt"), "upto": 1_000, "pace": 0.2}
    plan = real.plan_of(Steps, "bot", isolation=Isolation.PROCESS, parameters=parameters)

    def start_and_stop() -> Run:
        orchestrator = real.engine.orchestrator
        unit = orchestrator.define(plan)
        orchestrator.begin(unit)
        (run,) = unit.runs.values()
        run.runner.stop()
        return run

    run: Run = real.engine.ask(start_and_stop)
    until(lambda: real.events(RunEnded))
    assert real.events(RunEnded)[0].result is Result.DIED
    assert run.runner._runner._child is None or run.runner._runner._child.poll() is not None  # type: ignore[attr-defined]
