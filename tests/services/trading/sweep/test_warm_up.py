"""What compiles for sweeps beforehand: a real child under the orchestrator, and a real folder."""

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from multiprocessing import active_children
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.file_turn import turn
from services.core.process import State
from services.orchestrator.events import Result, RunEnded
from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.kernel.compiling import is_kept
from services.trading.sweep.grid import grid_of
from services.trading.sweep.ground import Ground
from services.trading.sweep.local import processes
from services.trading.sweep.part import Part, run_begun
from services.trading.sweep.warm_up import SweepWarmUp, wants_warm_up
from services.trading.sweep.warming import TURN
from tests.support.candles import BAR
from tests.support.compiled_anew import compiled_anew
from tests.support.program import Program
from tests.support.strategies import strategy_with
from tests.support.until import until

pytestmark = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")
NAME = "sweep-warm-up"
LONG = 400.0
"""Seconds within which anything is compiled, whatever else the machine does."""


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path, SystemClock()).open()
    yield running
    running.close()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "compiled"


def begin(program: Program, kept: Path) -> None:
    """Start it, and wait until it is in the middle of it."""
    program.start(SweepWarmUp(kept), NAME)
    until(lambda: len(list(kept.rglob("*.nbc"))) > 3, LONG)


def test_a_sweep_that_comes_meanwhile_waits_for_it_and_compiles_nothing_itself(real: Program, kept: Path) -> None:
    assert wants_warm_up(kept)
    begin(real, kept)
    (child,) = active_children()
    if sys.platform != "win32":
        assert os.getpriority(os.PRIO_PROCESS, child.pid or 0) == 19
    assert not is_kept(kept)
    ground = Ground(Bars.of(generate(BAR, 1e-8, 300)))
    with processes(1, ground, kept) as executor:
        table = executor.submit(run_begun, Part(grid_of(strategy_with(), ["macd.fast=6:13"]), 0, 8)).result()
        assert len(table) == 8
        assert executor.submit(compiled_anew).result() == 0
    until(lambda: real.state_of(NAME) is State.STOPPED)
    assert not wants_warm_up(kept)
    assert [event.result for event in real.events(RunEnded)] == [Result.FINISHED]


def test_it_ends_with_the_program_and_a_part_of_it_is_not_taken_for_all(tmp_path: Path, kept: Path) -> None:
    program = Program(tmp_path, SystemClock()).open()
    begin(program, kept)
    assert program.close().killed == ()
    assert active_children() == []
    with turn(kept / TURN, SystemClock(), 0) as mine:
        assert mine
    assert wants_warm_up(kept)


def test_while_it_is_paused_nothing_is_compiled_and_it_goes_on_where_it_was(real: Program, kept: Path) -> None:
    begin(real, kept)
    real.pause(NAME)
    until(lambda: real.state_of(NAME) is State.PAUSED)
    assert active_children() == []
    so_far = set(kept.rglob("*.nbc"))
    real.resume(NAME)
    until(lambda: set(kept.rglob("*.nbc")) > so_far, LONG)
    assert real.state_of(NAME) is State.RUNNING


def test_where_nothing_can_be_kept_it_says_so_once(real: Program, kept: Path) -> None:
    kept.write_text("no folder")
    real.start(SweepWarmUp(kept), NAME)
    until(lambda: real.state_of(NAME) is State.FAILED)
    (ended,) = real.events(RunEnded)
    assert ended.result is Result.MISCONFIGURED
    assert ended.detail.startswith(f"{kept}: what sweeps run cannot be kept (")
    assert real.unit(NAME).restarts == 0


def test_it_lets_the_program_stand_a_while_first(program: Program, kept: Path) -> None:
    program.start(SweepWarmUp(kept, program.clock.monotonic() + 90), NAME)
    program.advance(80)
    assert program.state_of(NAME) is State.RUNNING
    assert active_children() == []
    program.cancel(NAME)
    assert program.state_of(NAME) is State.STOPPED
    assert not kept.exists()
