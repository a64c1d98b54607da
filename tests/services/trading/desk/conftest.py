from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db")
    yield made
    made.close()
