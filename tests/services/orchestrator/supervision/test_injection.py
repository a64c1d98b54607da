"""A fault on purpose really happens to the run, which heals; and what healed it says why."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.core.clock import SystemClock
from services.core.durations import seconds
from services.core.process import Isolation, Process, Restart, State
from services.core.process.context import Context
from services.core.process.injection import Fault
from services.core.store.schema import decisions
from services.orchestrator.commands import InjectFault, NotNow
from services.orchestrator.events import Result, RunEnded, StallSeen
from tests.support.manual_clock import ManualClock
from tests.support.processes import Idles
from tests.support.program import Program
from tests.support.until import until


class Beats(Process):
    """Beats, and does nothing else."""

    heartbeat = seconds(3)
    restart = Restart(first=seconds(1), cap=seconds(1))

    def run(self, context: Context) -> None:
        while True:
            context.wait(1, "the next beat")


@pytest.fixture
def development(program: Program) -> Program:
    program.engine.orchestrator.no_faults = ""
    return program


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    """On the machine's own clock, since children live by it."""
    running = Program(tmp_path, SystemClock()).open()
    running.engine.orchestrator.no_faults = ""
    yield running
    running.close()


def why_restarted(program: Program) -> list[str]:
    """What the ledger says of restarts."""
    with program.engine.store.reading.connect() as connection:
        kept = connection.execute(select(decisions.c.what).where(decisions.c.kind == "process.restart"))
        return list(kept.scalars())


def started_again(program: Program) -> Callable[[], bool]:
    return lambda: program.unit().restarts == 1 and program.state_of() is State.RUNNING


def test_a_crash_is_a_failure_at_the_next_beat_and_the_ledger_says_who_wanted_it(
    development: Program, clock: ManualClock
) -> None:
    development.start(Beats())
    clock.advance(seconds(2))
    development.tell(InjectFault("bot", Fault.CRASH))
    clock.advance(seconds(5))
    assert development.state_of() is State.RUNNING
    assert why_restarted(development) == [
        "Restarted bot after it failed (crash injected by user: it was told to crash)"
    ]


def test_a_hang_in_a_thread_is_found_with_its_frame_and_the_run_is_replaced(real: Program) -> None:
    real.start(Idles)
    until(lambda: real.state_of() is State.RUNNING)
    real.tell(InjectFault("bot", Fault.HANG))
    until(started_again(real))
    frame = real.events(StallSeen)[0].frame
    assert frame.endswith(" in run"), "its own code, not what of ours it waits in"
    assert "processes.py:" in frame
    assert "hang injected by user: no beat for" in why_restarted(real)[0]
    assert real.engine.workers.abandoned == 1


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_happens_in_a_child_interpreter_and_heals(real: Program, fault: Fault) -> None:
    real.start(Idles, isolation=Isolation.PROCESS)
    until(lambda: real.state_of() is State.RUNNING)
    real.tell(InjectFault("bot", fault))
    until(started_again(real))
    ended = real.events(RunEnded)[0]
    expected = {Fault.CRASH: Result.FAILED, Fault.KILL: Result.DIED}.get(fault, Result.STALLED)
    assert ended.result is expected
    assert f"{fault}" in why_restarted(real)[0]
    assert "by user" in why_restarted(real)[0]


def test_the_lock_of_the_program_itself_is_not_held(development: Program, clock: ManualClock) -> None:
    development.start(Beats())
    clock.advance(seconds(2))
    with pytest.raises(NotNow, match="choose a process with an interpreter of its own"):
        development.tell(InjectFault("bot", Fault.HOLD_GIL))
    clock.advance(seconds(10))
    assert development.unit().restarts == 0


def test_nothing_goes_wrong_where_nothing_runs(development: Program, clock: ManualClock) -> None:
    development.start(Beats())
    clock.advance(seconds(2))
    development.cancel()
    with pytest.raises(NotNow, match="there is no run"):
        development.tell(InjectFault("bot", Fault.CRASH))


def test_outside_development_every_fault_is_refused(program: Program, clock: ManualClock) -> None:
    program.engine.orchestrator.no_faults = "this is production (declared)"
    program.start(Beats())
    clock.advance(seconds(2))
    for fault in Fault:
        with pytest.raises(NotNow, match="this is production"):
            program.tell(InjectFault("bot", fault))
    clock.advance(seconds(30))
    assert program.unit().restarts == 0
