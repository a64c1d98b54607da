from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QLabel, QWidget

from widgets.actions import ActionEntry, ActionRegistry, ChangeEntry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import PageEntry


class Pages:
    """Three pages that note when they are built; the third one fails until it is mended."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.mended = False

    def entries(self) -> tuple[PageEntry, ...]:
        return (
            PageEntry("overview", "Overview", "overview", "", self._factory("overview")),
            PageEntry("trading", "Trading", "trading", "Services", self._factory("trading")),
            PageEntry("settings", "Settings", "settings", "end", self._factory("settings"), of_now=True),
        )

    def _factory(self, name: str) -> Callable[[], QWidget]:
        def build() -> QWidget:
            self.built.append(name)
            if name == "settings" and not self.mended:
                raise OSError("settings.toml cannot be read")
            return QLabel(name)

        return build


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def actions(qapp) -> ActionRegistry:
    registry = ActionRegistry()
    registry.add(
        ChangeEntry("pause_all", "Pause all", "Pause every process", "Ctrl+Shift+P"),
        ActionEntry("stop_trading", "Stop trading", "Stop every trader"),
        ActionEntry("back_to_now", "Back to now", "Leave the past moment", "Ctrl+0"),
        ActionEntry("approve", "Approve", "Take it", "A", "Inbox", "inbox"),
    )
    return registry


@pytest.fixture
def window(qtbot, pages, actions) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.fill(pages.entries(), actions)
    window.show()
    window.open_dashboard()
    qtbot.waitExposed(window)
    return window
