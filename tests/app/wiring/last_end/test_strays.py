"""Scripts outlive a program that is killed; the next start ends them before anything begins."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.control.lock import HomeLock
from app.paths import Home
from app.program import Program
from services.core.process import State
from services.orchestrator.scripts.events import ScriptStarted
from tests.support.own import PATIENCE, Mine

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
RUNS = """
import sys, threading
from pathlib import Path
import app.wiring.own_files.files
from app.paths import Home
from app.program import Program
app.wiring.own_files.files.DEFAULTS = Path(sys.argv[1]).parent / "no-defaults"
Program(Home(Path(sys.argv[1])), {}).run_steps()
threading.Event().wait()
"""


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_script_of_a_killed_program_is_ended_though_its_file_is_gone(mine: Mine, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    path = mine.write(
        "processes/nap.yaml", f"kind: script\nwith: {{command: [sh, -c, 'echo $$ > {mark}; exec sleep 1000']}}\n"
    )
    program = subprocess.Popen([sys.executable, "-c", RUNS, str(mine.home.root)], cwd=Path.cwd())
    try:
        end = time.monotonic() + PATIENCE
        while not (mark.exists() and mark.read_text().strip()):
            assert time.monotonic() < end, "the script was not started"
            time.sleep(0.02)
        script = int(mark.read_text())
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
    assert lives(script)
    path.unlink()
    mine.start()
    assert not lives(script)
    assert not mine.knows("nap")


def test_all_parallel_runs_of_a_script_of_a_killed_program_are_ended(mine: Mine, tmp_path: Path) -> None:
    marks = tmp_path / "pids"
    path = mine.write(
        "processes/nap.yaml",
        f"kind: script\nwith: {{command: [sh, -c, 'echo $$ >> {marks}; exec sleep 1000']}}\n"
        "schedule: [{every: 1s}]\noverlap: parallel\nmost: 3\n",
    )
    program = subprocess.Popen([sys.executable, "-c", RUNS, str(mine.home.root)], cwd=Path.cwd())
    try:
        mine.until(lambda: marks.exists() and marks.read_text().count("\n") == 3, "three runs are under way")
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
    scripts = [int(word) for word in marks.read_text().split()]
    assert [lives(script) for script in scripts] == [True] * 3
    path.unlink()
    mine.start()
    assert [lives(script) for script in scripts] == [False] * 3


def test_a_script_that_runs_again_is_another_one(mine: Mine) -> None:
    mine.write("processes/nap.yaml", "kind: script\nwith: {command: [sleep, '1000']}\n")
    mine.start()
    mine.sees("nap", State.RUNNING)
    (before,) = mine.events(ScriptStarted)
    mine.stop()
    assert not lives(before.pid)
    mine.start()
    mine.sees("nap", State.RUNNING)
    assert lives(mine.events(ScriptStarted)[-1].pid)


def test_a_copy_of_a_home_that_runs_ends_nothing_of_the_original(mine: Mine, tmp_path: Path) -> None:
    mine.write("processes/nap.yaml", "kind: script\nwith: {command: [sleep, '1000']}\n")
    with HomeLock(mine.home):
        mine.start()
        mine.sees("nap", State.RUNNING)
        (begun,) = mine.events(ScriptStarted)
        copy = Home(Path(shutil.copytree(mine.home.root, tmp_path / "copy", ignore=shutil.ignore_patterns("lock"))))
        (copy.processes / "nap.yaml").unlink()
        program = Program(copy, {})
        program.run_steps()
        try:
            assert lives(begun.pid)
        finally:
            program.close()
    assert lives(begun.pid)
