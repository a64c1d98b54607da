"""Fixtures that every test may use."""

import gc
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # nobody's own keyring is asked by a test

from tests.support.examples import register_profiles
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

register_profiles()
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties go through the same lines a hundred times: traced, that would be a fifth of the suite's time."""
    for item in items:
        if getattr(getattr(item, "obj", None), "hypothesis", None) is not None:
            item.add_marker(pytest.mark.no_cover)


FULL_EVERY = 50
"""Tests between two collections of everything."""
_tests = count(1)


@pytest.fixture(autouse=True)
def _collected_between_tests() -> Iterator[None]:
    """As in the program: a cycle that holds a widget is freed on the main thread, since in a worker it crashes Qt."""
    gc.disable()
    yield
    gc.collect(2 if next(_tests) % FULL_EVERY == 0 else 1)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the compiler's results are kept: for every test, and for later runs until a source of them changes.

    To compile takes longest; a checkout that cannot be written keeps them for one run alone.
    """
    root = Path(__file__).parents[1]
    kept = (root / ".pytest_cache" if os.access(root, os.W_OK) else tmp_path_factory.getbasetemp().parent) / "compiled"
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    running = Program(tmp_path, clock).open()
    yield running
    running.close()
