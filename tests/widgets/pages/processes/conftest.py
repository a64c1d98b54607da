from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bustle import House, busy_house, quiet_house


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[House]:
    house = quiet_house(tmp_path)
    yield house
    house.program.close()


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[House]:
    house = busy_house(tmp_path)
    yield house
    house.program.close()
