"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.support.manual_clock import ManualClock
from tests.support.program import Program

# An example that takes long says that the machine is busy, and nothing about what is tested.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    running = Program(tmp_path, clock).open()
    yield running
    running.close()
