"""What the debugger's tests share: real environments, the tools, a scratch folder."""

import os
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.sandbox import scrub
from services.debugger.command import Tools
from tests.support.projects import environment


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has pytest."""
    return environment(tmp_path_factory.mktemp("environment") / "venv")


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment without pytest."""
    return environment(tmp_path_factory.mktemp("bare") / "venv", pytest=False)


@pytest.fixture
def tools() -> Tools:
    return Tools(SystemClock(), scrub(os.environ))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "scratch"
