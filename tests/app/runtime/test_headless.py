"""Without a window: how it ends when it cannot go on."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.control.lock import HomeLock
from app.paths import Home
from app.program import Program
from app.runtime.headless import run
from services.core import faults
from services.core.errors import UserError


def breaks() -> None:
    raise MemoryError("no room for the batch")


@pytest.fixture(autouse=True)
def mended() -> Iterator[None]:
    yield
    faults.arm("journal.writing", None)


def test_a_writer_that_ends_by_a_fault_of_ours_ends_the_program_which_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "a test")
    program = Program(home, {"PATH": os.environ.get("PATH", "")})
    with HomeLock(home) as lock, pytest.raises(UserError) as told:
        run(program, lock, threading.Event(), begun=lambda _: faults.arm("journal.writing", breaks))
    assert str(told.value).startswith(
        f"{home.store}: the writer of the store ended (MemoryError: no room for the batch), so Dreamscape has ended. "
        "Start it again: what it told as done is on disk"
    )
