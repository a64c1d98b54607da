from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk_work import Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A real engine with an empty ledger."""
    made = desk_in(tmp_path)
    yield made
    made.close()
