"""What dies with a secret on its lips: how it ended is kept and told, the secret is not."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.decisions.events import DecisionTaken
from services.core.durations import seconds
from services.core.logs.redaction import MASK
from services.core.process import Isolation, Restart, State
from services.orchestrator.events import Alert, ProcessChanged, RunEnded
from services.orchestrator.scripts.script import Script
from tests.support.kept import left_in
from tests.support.processes import LOOKS_LIKE_ONE, REGISTERED, SAYS, Refused
from tests.support.program import Program

SECRETS = (REGISTERED, LOOKS_LIKE_ONE)
ONCE = Restart(first=seconds(0.01), at_most=1)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path / "home", SystemClock())
    running.folder.mkdir()
    running.engine.redactor.register(REGISTERED)
    yield running.open()
    running.close()
    assert not left_in(running.folder, *SECRETS), "nor when the program has ended"


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def fails_for_good(program: Program) -> None:
    until(lambda: program.state_of() is State.FAILED)
    ended = program.events(RunEnded)
    assert ended
    assert all(f"401 for {MASK} at /v1?api_key={MASK}&limit=5" in each.detail for each in ended)
    assert any(MASK in each.because for each in program.events(ProcessChanged))
    assert any(MASK in str(each.because) for each in program.events(DecisionTaken)), "the restart says after what"
    assert any(MASK in each.what for each in program.events(Alert))
    assert MASK in program.unit().because
    assert not left_in(program.folder, *SECRETS)


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_process_that_dies_with_a_secret_leaves_it_nowhere(real: Program, isolation: Isolation) -> None:
    real.start(Refused if isolation is Isolation.PROCESS else Refused(), isolation=isolation, restart=ONCE)
    fails_for_good(real)
    assert all("RuntimeError: 401" in each.traceback for each in real.events(RunEnded)), "where it failed is told"


def test_a_script_that_dies_with_a_secret_leaves_it_nowhere(real: Program, tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text(f"raise RuntimeError({SAYS!r})", encoding="utf-8")
    given = {"command": str(path), "folder": str(tmp_path), "interpreter": sys.executable}
    real.start(Script, parameters=given, restart=ONCE)
    fails_for_good(real)
