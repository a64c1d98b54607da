from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.decisions.inbox import Decisions
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program


@pytest.fixture
def kept(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    """A program with the projections that pages read, and an outside to act on."""
    program = Program(tmp_path, clock, {WriteLine: LineWriter()})
    yield program.open([Processes(), RunHistory(), Pulse(), Decisions()])
    program.close()
