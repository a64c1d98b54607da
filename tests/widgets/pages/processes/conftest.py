from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from tests.support.bustle import House, busy_house, quiet_house
from tests.support.pages import with_keys
from widgets.pages.processes import ProcessesPage


@pytest.fixture(scope="module")
def busy(tmp_path_factory) -> Iterator[House]:
    """One house for the tests of a file, which only look at it."""
    house = busy_house(tmp_path_factory.mktemp("busy"))
    yield house
    house.program.close()


@pytest.fixture
def obedient(tmp_path: Path) -> Iterator[House]:
    """A house of one's own, that does what it is told."""
    house = busy_house(tmp_path)
    yield house
    house.program.close()


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[House]:
    house = quiet_house(tmp_path)
    yield house
    house.program.close()


@pytest.fixture
def page(qtbot, busy: House) -> ProcessesPage:
    return shown(qtbot, busy)


def shown(qtbot, house: House) -> ProcessesPage:
    """A page over a house, with its keys, as the window has it."""
    page = ProcessesPage()
    with_keys(page, page.ACTIONS, "processes")
    page.said = []
    page.command.connect(page.said.append)
    qtbot.addWidget(page)
    page.resize(1300, 900)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.refresh(house.view)
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    QApplication.processEvents()
    return page
