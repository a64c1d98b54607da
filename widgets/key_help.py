"""All keys on one panel (F1), made from the registry, so that it cannot be out of date."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from widgets.actions import ActionEntry, ActionRegistry
from widgets.overlay import Overlay
from widgets.parts.text.labels import section_label, text_label

_GENERAL = (
    ("Tab, Shift+Tab", "Next, previous control"),
    ("Space", "Press the focused button; the first action of a table's row"),
    ("Enter", "Open the row; in a search, go to the first hit"),
    ("Home, End", "The first, the last row"),
    ("Menu, Shift+F10", "All actions of the row"),
    ("Ctrl+C", "Copy the selected rows"),
    ("Esc", "Close what covers the window"),
)


class KeyHelp(Overlay):
    """Built anew each time it opens, from what is registered then."""

    def __init__(self, actions: ActionRegistry, parent: QWidget) -> None:
        super().__init__(parent, width=620)
        self._actions = actions
        self._scroll = QScrollArea(self.panel)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("Keys")
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(20, 16, 8, 16)
        column.addWidget(text_label("Keys", size="title"))
        column.addWidget(self._scroll, 1)

    def open(self) -> None:
        """Show the keys as they are now."""
        self._scroll.setWidget(self._body())
        super().open()
        self._scroll.setFocus()

    def shown_keys(self) -> dict[str, str]:
        """Each key with what it does, as the panel lists them."""
        own = {entry.shortcut: entry.title for entry in self._actions.entries() if entry.shortcut}
        return own | dict(_GENERAL)

    def panel_height(self) -> int:
        body = self._scroll.widget()
        return 80 + (body.sizeHint().height() if body is not None else 0)

    def _body(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 150)
        grid.setColumnStretch(1, 1)
        entries = [entry for entry in self._actions.entries() if entry.shortcut]
        for group in dict.fromkeys(_group(entry) for entry in entries):
            self._add(grid, group, [(e.shortcut, e.title) for e in entries if _group(e) == group])
        self._add(grid, "Everywhere", list(_GENERAL))
        return body

    def _add(self, grid: QGridLayout, group: str, keys: list[tuple[str, str]]) -> None:
        grid.addWidget(section_label(group), grid.rowCount(), 0, 1, 2)
        for key, title in keys:
            row = grid.rowCount()
            name = text_label(key, "secondary")
            name.setProperty("mono", "true")
            grid.addWidget(name, row, 0)
            grid.addWidget(text_label(title), row, 1)


def _group(entry: ActionEntry) -> str:
    return f"{entry.group}, on its page" if entry.scope else entry.group
