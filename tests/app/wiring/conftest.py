"""The program on a home of one's own, with none of the defaults: each test brings the files it is about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.own import Mine


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mine]:
    nothing = tmp_path / "no-defaults"
    nothing.mkdir()
    monkeypatch.setattr("app.wiring.own_files.files.DEFAULTS", nothing)
    whose = Mine(tmp_path)
    yield whose
    whose.stop()
