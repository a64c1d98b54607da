"""The left rail: pages in groups, one of them shown."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from widgets.frame.rail_button import RailButton
from widgets.frame.views import Badge, PageEntry
from widgets.parts.text.labels import section_label

RAIL_WIDTH, SLIM_RAIL_WIDTH = 208, 56
"""Px with the names of the pages, and with their icons alone."""
END = "end"


class Rail(QWidget):
    """Up and Down go from page to page; `chosen` says which one is wanted."""

    chosen = pyqtSignal(str)

    def __init__(self, pages: tuple[PageEntry, ...], keys: Mapping[str, str], parent: QWidget | None = None):
        super().__init__(parent)
        self.setProperty("part", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(RAIL_WIDTH)
        self.setAccessibleName("Pages")
        self._buttons: dict[str, RailButton] = {}
        self._headings: list[QWidget] = []
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 10, 9, 10)
        self._column.setSpacing(2)
        top = [page for page in pages if page.group != END]
        for group in dict.fromkeys(page.group for page in top):
            if group:
                self._add_heading(group)
            self._add_pages([page for page in top if page.group == group], keys)
        self._column.addStretch(1)
        self._add_pages([page for page in pages if page.group == END], keys)

    def show_page(self, page_id: str) -> None:
        """Mark the page that is shown. Raises KeyError for a page the rail does not have."""
        self._buttons[page_id].setChecked(True)

    def show_badges(self, badges: Mapping[str, Badge]) -> None:
        for page_id, button in self._buttons.items():
            badge = badges.get(page_id)
            if badge != button.badge:
                button.show_badge(badge)

    def set_slim(self, slim: bool) -> None:
        """Leave the room to the page: icons alone, each with its name in the tooltip."""
        self.setFixedWidth(SLIM_RAIL_WIDTH if slim else RAIL_WIDTH)
        for heading in self._headings:
            heading.setVisible(not slim)
        for button in self._buttons.values():
            button.set_slim(slim)

    def button(self, page_id: str) -> RailButton:
        return self._buttons[page_id]

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event is None or event.key() not in steps:
            super().keyPressEvent(event)
            return
        buttons = list(self._buttons.values())
        now = next((place for place, button in enumerate(buttons) if button.hasFocus()), 0)
        wanted = buttons[(now + steps[Qt.Key(event.key())]) % len(buttons)]
        wanted.setFocus()
        wanted.click()

    def _add_heading(self, group: str) -> None:
        heading = section_label(group, self)
        heading.setContentsMargins(10, 6, 0, 4)
        self._headings.append(heading)
        self._column.addWidget(heading)

    def _add_pages(self, pages: list[PageEntry], keys: Mapping[str, str]) -> None:
        for page in pages:
            key = keys.get(page.id, "")
            tip = f"{page.title} ({key})" if key else page.title
            button = RailButton(page.id, page.title, page.icon, tip, self)
            button.clicked.connect(lambda _checked, chosen=page.id: self.chosen.emit(chosen))
            self._group.addButton(button)
            self._buttons[page.id] = button
            self._column.addWidget(button)
