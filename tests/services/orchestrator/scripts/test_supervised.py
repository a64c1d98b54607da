"""An adopted script under the real orchestrator: it heals, pauses, ends and fails like any other process."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.core.durations import seconds
from services.core.process import Restart, State
from services.orchestrator.commands import PauseProcess, ResumeProcess, RunNow
from services.orchestrator.events import Result, RunEnded, StallSeen
from services.orchestrator.scripts.events import ScriptEnded, ScriptStarted
from services.orchestrator.scripts.script import Script
from services.orchestrator.supervision import healing
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Once
from tests.support.program import Program

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
SOON = Restart(first=seconds(0.05))
GOES_ON = "import time\nwhile True:\n    print('alive', flush=True)\n    time.sleep(0.1)"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    """A program on the machine's own clock, since scripts live by it."""
    running = Program(tmp_path, SystemClock()).open()
    yield running
    running.close()


def until(condition: Callable[[], object], limit: float = 30) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def adopt(program: Program, folder: Path, text: str, plan: dict[str, Any] | None = None, **parameters: Any) -> None:
    path = folder / "main.py"
    path.write_text(text)
    given = {"command": str(path), "folder": str(folder), "interpreter": sys.executable, **parameters}
    program.start(Script, parameters=given, restart=SOON, **(plan or {}))


def state_of(pid: int) -> str:
    """``T`` is suspended; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0].replace("Z", "")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def pids(program: Program) -> list[int]:
    return [event.pid for event in program.events(ScriptStarted)]


def test_an_old_script_that_is_killed_heals(real: Program, tmp_path: Path) -> None:
    adopt(real, tmp_path, GOES_ON)
    until(lambda: pids(real))
    os.kill(pids(real)[0], signal.SIGKILL)
    until(lambda: len(pids(real)) == 2 and real.state_of() is State.RUNNING)
    (ended,) = real.events(RunEnded)
    assert ended.result is Result.FAILED
    assert "ended by signal 9 (SIGKILL), which Dreamscape did not send, after" in ended.detail
    assert real.unit().restarts == 1


def test_parallel_runs_leave_each_other_alone(real: Program, tmp_path: Path) -> None:
    ends = "import time, pathlib\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.02)"
    plan = {"overlap": Overlap.PARALLEL, "most": 3, "triggers": (Once(datetime(2100, 1, 1, tzinfo=UTC)),)}
    adopt(real, tmp_path, ends, plan)
    for count in (1, 2, 3):
        real.tell(RunNow("bot", {}))
        until(lambda count=count: len(pids(real)) == count)
    assert len(real.engine.orchestrator.records.positions()) == 3, "each tree is under a mark of its own"
    (tmp_path / "go").touch()
    until(lambda: len(real.events(RunEnded)) == 3)
    assert [event.result for event in real.events(RunEnded)] == [Result.FINISHED] * 3
    assert [event.exit_code for event in real.events(ScriptEnded)] == [0, 0, 0]
    assert real.engine.orchestrator.records.positions() == []


def test_one_that_comes_to_its_end_says_that_it_ended_by_itself_and_with_which_code(
    real: Program, tmp_path: Path
) -> None:
    adopt(real, tmp_path, "raise SystemExit(3)", exit_codes=(0, 3))
    until(lambda: real.state_of() is State.STOPPED)
    assert real.unit().by == "itself"
    assert real.unit().because.startswith("it ended by itself, with exit code 3 after ")
    (ended,) = real.events(RunEnded)
    assert (ended.result, ended.detail) == (Result.FINISHED, real.unit().because)
    real.restart()
    assert real.state_of() is State.STOPPED, "what came to its end is begun anew by a person or a schedule alone"
    real.tell(PauseProcess("*"))
    real.tell(ResumeProcess("*"))
    assert (real.state_of(), len(real.events(RunEnded))) == (State.STOPPED, 1)


def test_one_that_was_cancelled_says_who_had_it_end_and_how_it_did(real: Program, tmp_path: Path) -> None:
    adopt(real, tmp_path, GOES_ON)
    until(lambda: pids(real))
    real.cancel()
    until(lambda: real.state_of() is State.STOPPED)
    assert real.unit().by == "user"
    assert real.unit().because.startswith("cancelled: it was ended by signal 15 (SIGTERM) after ")
    (ended,) = real.events(RunEnded)
    assert ended.detail.startswith("cancelled by user: it was ended by signal 15 (SIGTERM) after ")


def test_it_is_suspended_and_goes_on_as_a_person_says(real: Program, tmp_path: Path) -> None:
    adopt(real, tmp_path, GOES_ON)
    until(lambda: pids(real))
    real.pause()
    until(lambda: real.state_of() is State.PAUSED and state_of(pids(real)[0]) == "T")
    real.resume()
    until(lambda: real.state_of() is State.RUNNING and state_of(pids(real)[0]) in ("S", "R"))
    assert len(pids(real)) == 1


def test_it_is_ended_when_it_is_cancelled(real: Program, tmp_path: Path) -> None:
    adopt(real, tmp_path, GOES_ON)
    until(lambda: pids(real))
    real.cancel()
    until(lambda: real.state_of() is State.STOPPED)
    assert state_of(pids(real)[0]) == ""
    assert [event.asked for event in real.events(ScriptEnded)] == [True]


def test_one_that_is_configured_wrongly_fails_and_is_not_tried_again(real: Program, tmp_path: Path) -> None:
    adopt(real, tmp_path, "raise SystemExit(78)")
    until(lambda: real.state_of() is State.FAILED)
    assert len(pids(real)) == 1
    assert real.unit().restarts == 0


def test_one_that_falls_silent_is_found_and_replaced(real: Program, tmp_path: Path) -> None:
    adopt(
        real,
        tmp_path,
        "import time\nprint('once', flush=True)\ntime.sleep(600)",
        plan={"heartbeat": seconds(2)},
        alive="output within 500ms",
        stop_grace="1s",
    )
    until(lambda: real.events(StallSeen) and len(pids(real)) >= 2, limit=60)
    assert state_of(pids(real)[0]) == ""
    stood = real.events(StallSeen)[0].frame
    assert stood.startswith(f"process {pids(real)[0]}, without a sign of life for ")
    assert stood.endswith("; its last line: once")


DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\n"


def test_one_that_does_not_end_within_its_grace_is_killed_and_says_so(
    real: Program, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    adopt(real, tmp_path, DEAF + GOES_ON, stop_grace="100ms")
    until(lambda: "deaf" in caplog.messages)
    real.cancel()
    until(lambda: real.state_of() is State.STOPPED)
    (ended,) = real.events(RunEnded)
    assert "did not end when asked; it was ended by signal 9 (SIGKILL) after" in ended.detail


def test_one_that_has_a_longer_grace_is_not_killed_before_that(
    real: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "STOP_GRACE", 0.1)
    saves = "import pathlib, signal, time\ndef save(*_):\n    time.sleep(3)\n    raise SystemExit(0)\n"
    saves += "signal.signal(signal.SIGTERM, save)\npathlib.Path('ready').touch()\n"
    adopt(real, tmp_path, saves + GOES_ON)
    until((tmp_path / "ready").exists)
    real.cancel()
    until(lambda: real.state_of() is State.STOPPED)
    (ended,) = real.events(RunEnded)
    assert ended.detail.startswith("cancelled by user: it ended with exit code 0 after ")


def test_a_line_that_is_too_long_says_so_and_how_long_it_was(
    real: Program, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    adopt(real, tmp_path, "print('x' * 1_000_000)")
    until(lambda: real.state_of() is State.STOPPED)
    (told,) = [each for each in caplog.messages if each.startswith("xxx")]
    assert told.lstrip("x") == "… (cut: 1,000,000 bytes in all)"


def test_ending_the_program_ends_it_too(tmp_path: Path) -> None:
    program = Program(tmp_path, SystemClock()).open()
    adopt(program, tmp_path, GOES_ON)
    until(lambda: pids(program))
    pid = pids(program)[0]
    program.close()
    assert state_of(pid) == ""
