"""The window's tests run offscreen, and a warning that Qt logs fails the test that caused it."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtCore import QEvent
from PyQt6.QtWidgets import QApplication, QWidget

from widgets.theme import active, load_fonts, use_theme

# What the offscreen platform says about itself; none of it is about our code.
OFFSCREEN_SAYS = (
    "This plugin does not support (raise|propagateSizeHints|grabbing the keyboard)",
    "This plugin supports grabbing the mouse only for popup windows",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # As markers, not in pyproject.toml: there they would be unknown options where Qt is not installed.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN_SAYS))


@pytest.fixture(scope="session")
def fonts(qapp: QApplication) -> None:
    """The shipped fonts, once for all tests."""
    assert load_fonts(qapp) == ()


@pytest.fixture(autouse=True)
def dark(qapp: QApplication, fonts: None) -> None:
    """Every test starts dressed as the program does, and without the windows of the one before."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if qapp.styleSheet() == "" or active().name != "dark":
        use_theme(qapp, "dark")


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest, qapp: QApplication, dark: None) -> str:
    """The test runs in both themes."""
    use_theme(qapp, request.param)
    name: str = request.param
    return name


@pytest.fixture
def picture(tmp_path: Path):
    """Save a widget as PNG, into DREAMSCAPE_GALLERY if that names a directory, to be looked at."""
    place = Path(os.environ.get("DREAMSCAPE_GALLERY") or tmp_path)

    def save(widget: QWidget, name: str) -> Path:
        place.mkdir(parents=True, exist_ok=True)
        QApplication.processEvents()  # layouts asked for, but not yet done
        path = place / f"{name}.png"
        assert widget.grab().save(str(path))
        return path

    return save
