"""Whether something compiles for sweeps beforehand: only where a program is lived with, and only what lacks."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.paths import Home
from app.program import Program
from app.wiring.plans.house import WARM_UP
from services.core.process import State
from services.trading.kernel import compiling

pytestmark = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")
ROOT = Path(__file__).parents[4]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", "a test").create()


def planned(home: Home, **options: bool) -> bool:
    """Whether a program with these options has it among its processes; it has come up, and nothing is compiled yet."""
    program = Program(home, {"PATH": os.environ["PATH"]}, **options)
    program.run_steps()
    try:
        unit = program.engine.orchestrator.units.get(WARM_UP)
        assert unit is None or unit.state in (State.STARTING, State.RUNNING, State.PAUSED)
        return unit is not None
    finally:
        program.close()
        assert not list(home.root.rglob("*.nbc"))


def test_a_program_that_nobody_asked_compiles_nothing_beforehand_and_one_that_was_does_what_lacks(home: Home) -> None:
    assert not planned(home)
    assert planned(home, warms_up=True)
    child = (
        "import sys; from pathlib import Path; from services.trading.kernel.compiling import note_whole, prepare;"
        "prepare(Path(sys.argv[1])); note_whole()"
    )
    subprocess.run([sys.executable, "-c", child, str(home.compiled)], cwd=ROOT, check=True)
    assert not planned(home, warms_up=True)


def test_a_frozen_program_keeps_nothing_so_it_begins_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "SOURCES", ("frozen",))
    assert not planned(home, warms_up=True)


def test_dreamscape_run_has_it_and_shows_what_it_waits_for(home: Home) -> None:
    words = [sys.executable, "-m", "app", "--home", str(home.root), "--json", "run", "--headless", "--for", "1"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    states = {each["name"]: each["state"] for each in json.loads(done.stdout)["processes"]}
    assert states[WARM_UP] in ("starting", "running")  # its end may come first on a machine that is busy
    assert not home.compiled.exists()
