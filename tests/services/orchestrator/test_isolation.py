"""Both isolations run the same code; a child interpreter is ended whole, and dies with its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.journal import Work
from services.core.process import Isolation, State
from services.orchestrator.children import parent
from services.orchestrator.children.parent import ChildRunner
from services.orchestrator.commands import KillProcess
from services.orchestrator.events import Result, RunEnded, StallSeen
from tests.support.processes import Hogs, Learns, LeavesHelper, LineWriter, Sleeps, Stepped, Steps, WriteLine
from tests.support.program import Program


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    """A program on the machine's own clock, since children live by it."""
    running = Program(tmp_path, SystemClock(), {WriteLine: LineWriter()}).open()
    yield running
    running.close()


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process is there; one that nobody has reaped is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_what_contains_a_child_is_given_back_once_it_has_ended(
    real: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[bool] = []

    class Counted(parent.Containment):
        def close(self) -> None:
            given_back.append(self.exited())
            super().close()

    monkeypatch.setattr(parent, "Containment", Counted)
    plan = {"parameters": {"path": str(tmp_path / "out.txt"), "upto": 1}, "modules": ("tests.support.processes",)}
    real.start(Steps, isolation=Isolation.PROCESS, **plan)
    until(lambda: real.events(RunEnded))
    assert given_back == [True]


@pytest.mark.parametrize("isolation", list(Isolation))
def test_both_isolations_tell_act_and_keep_their_position_alike(
    real: Program, tmp_path: Path, isolation: Isolation
) -> None:
    path = tmp_path / "out.txt"
    plan = {"parameters": {"path": str(path), "upto": 5}, "modules": ("tests.support.processes",)}
    real.start(Steps, isolation=isolation, **plan)
    until(lambda: real.state_of() is State.STOPPED and real.events(RunEnded))
    assert path.read_text().splitlines() == [f"line {number}" for number in range(1, 6)]
    assert [event.number for event in real.events(Stepped)] == [1, 2, 3, 4, 5]
    assert [(event.result, event.detail, event.traceback) for event in real.events(RunEnded)] == [
        (Result.FINISHED, "", "")
    ]
    assert real.engine.orchestrator.records.position("bot") == {"number": 5}


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_reward_is_told_together_with_what_came_before_it(real: Program, isolation: Isolation) -> None:
    learned: list[tuple[object, ...]] = []

    def learn(learner: str, arms: object, rewards: object, origin: object, also: Work[None]) -> dict[str, float]:
        before = [event.number for event in real.events(Stepped)], real.engine.orchestrator.records.position("bot")
        real.wait(real.engine.journal.write(also))
        after = [event.number for event in real.events(Stepped)], real.engine.orchestrator.records.position("bot")
        learned.append((learner, rewards, before, after))
        return {"a": 1.0}

    real.engine.orchestrator.supervisor.launcher.house.learn = learn
    real.start(Learns, isolation=isolation, modules=("tests.support.processes",))
    until(lambda: real.events(RunEnded))
    assert learned == [("arms", {"a": 0.5}, ([], None), ([1], {"number": 1}))]
    assert [event.result for event in real.events(RunEnded)] == [Result.FINISHED]


def test_a_killed_child_heals_and_goes_on_where_it_was(real: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    parameters = {"path": str(path), "upto": 8, "pace": 0.2}
    real.start(Steps, isolation=Isolation.PROCESS, parameters=parameters, modules=("tests.support.processes",))
    until(lambda: len(real.events(Stepped)) >= 3)
    real.tell(KillProcess("bot"))
    until(lambda: len(real.events(RunEnded)) == 2)
    assert path.read_text().splitlines() == [f"line {number}" for number in range(1, 9)]
    assert [event.result for event in real.events(RunEnded)] == [Result.DIED, Result.FINISHED]
    assert real.unit().restarts == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a helper that outlives its parent is found by its group")
@pytest.mark.parametrize("code", [None, 9])
def test_what_a_child_started_ends_with_it_however_it_ended(real: Program, tmp_path: Path, code: int | None) -> None:
    path = tmp_path / "helper.pid"
    parameters = {"path": str(path), "code": code}
    real.start(LeavesHelper, isolation=Isolation.PROCESS, parameters=parameters)
    until(lambda: real.events(RunEnded))
    assert real.events(RunEnded)[0].result is (Result.FINISHED if code is None else Result.DIED)
    until(lambda: not is_alive(int(path.read_text())))


def test_a_child_that_hangs_is_found_with_its_frame(real: Program) -> None:
    real.start(Sleeps, isolation=Isolation.PROCESS, heartbeat=Sleeps.heartbeat)
    until(lambda: real.events(StallSeen))
    assert "processes.py" in real.events(StallSeen)[0].frame
    until(lambda: [event for event in real.events(RunEnded) if event.result is Result.STALLED])


def test_a_child_that_holds_the_interpreters_lock_is_ended(real: Program, tmp_path: Path) -> None:
    real.start(Hogs, isolation=Isolation.PROCESS, parameters={"mark": str(tmp_path / "mark")})
    until((tmp_path / "mark").exists)
    until(lambda: [event for event in real.events(RunEnded) if event.result in (Result.STALLED, Result.DIED)])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere its lease has to run out, or a job object ends it")
def test_a_child_that_holds_the_interpreters_lock_dies_with_its_parent(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.support.child_program", str(tmp_path), "hog"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        said, _, child = program.stdout.readline().partition(" ")
        program.kill()
    assert said == "hogs"
    assert program.returncode == -signal.SIGKILL
    until(lambda: not is_alive(int(child)), seconds=5)


def test_a_lease_that_is_renewed_while_the_child_comes_up_does_not_precede_its_start(
    real: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn = ChildRunner._spawn

    def spawn_and_renew(runner: ChildRunner) -> "subprocess.Popen[bytes]":
        child = spawn(runner)
        runner.renew()
        runner.tell()
        return child

    monkeypatch.setattr(ChildRunner, "_spawn", spawn_and_renew)
    real.start(Sleeps, isolation=Isolation.PROCESS, modules=("tests.support.processes",))
    until(lambda: real.unit().runs and real.state_of() is State.RUNNING)
    assert real.events(RunEnded) == []
    real.engine.patience = 0.2  # it sleeps on
