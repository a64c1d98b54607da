"""The window with all its pages, over what has been lived, without a running program."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PyQt6.QtWidgets import QApplication

from app.runtime.desk.book import ACTIONS, pages
from services.core.logs import LogLine
from services.core.projections.views import View
from widgets.actions import ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import Badge, EnvironmentView, FrameView, HealthView
from widgets.pages.page import Page
from widgets.pages.settings.views import SettingsView
from widgets.parts.status import Status

PAGES = tuple(entry.id for entry in pages(lambda _name, factory: factory))
LOADED = FrameView(
    health=HealthView(Status.WARN, "2 failed, 1 stalled", "mentions-stream has failed"),
    environment=EnvironmentView(
        "DEV · feature/a-branch-with-a-name-that-says-all-it-does · paper",
        "development",
        "branch feature/a-branch-with-a-name-that-says-all-it-does is no release and no CI variable is set",
    ),
    needs_you=128,
    badges={"inbox": Badge(128, Status.WARN), "processes": Badge(1_014)},
    processes=1_014,
    events_per_second=12_345,
    frame_p99_ms=128,
    journal_lag_ms=1_234,
    log_level="DEBUG",
    log_level_by="auto",
    clock="09:37:25",
    can_stop_trading=True,
)
"""A frame with much to say."""


class WholeWindow:
    """Pages are refreshed with the view that ``views`` has for them when they are gone to."""

    def __init__(self, views: dict[str, View], lines: tuple[LogLine, ...], settings: SettingsView) -> None:
        self._views, self._lines, self._settings = views, lines, settings
        self.pages: dict[str, Any] = {}
        self.window = MainWindow()
        self.window.use_less_motion(True)
        self.actions = ActionRegistry(self.window)
        self.actions.add(*ACTIONS)
        self.window.fill(pages(self._make), self.actions)
        self.window.show_frame(LOADED)
        self.window.show()
        self.window.open_dashboard()

    def go_to(self, name: str) -> Any:
        """Show a page with what it has to show, and let every layout settle."""
        self.window.go_to(name)
        page = self.pages[name]
        if name in self._views:
            page.refresh(self._views[name])
        settle()
        return page

    def add_keys(self, name: str) -> None:
        """Register a page's own keys, as the desk does; a key that counts everywhere is not taken by a page."""
        taken = {entry.shortcut for entry in ACTIONS}
        for entry in self.pages[name].ACTIONS:
            self.actions.add(replace(entry, shortcut="") if entry.shortcut in taken else entry)
        self.actions.attach(self.pages[name], name)

    def _make(self, name: str, factory: Callable[[], Page]) -> Callable[[], Page]:
        def made() -> Page:
            page = self.pages[name] = factory()
            if hasattr(page, "add_log_lines"):
                page.add_log_lines(self._lines)
            if hasattr(page, "show_settings"):
                page.show_settings(self._settings)
            return page

        return made


def settle() -> None:
    """Layouts that were asked for are done: one asks for another, so a few times over."""
    for _ in range(4):
        QApplication.processEvents()
