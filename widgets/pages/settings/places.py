"""The home's files and folders, ready to be copied."""

from __future__ import annotations

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QGridLayout, QWidget

from widgets.pages.settings.state import PathView
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.elided import ElidedLabel
from widgets.parts.labels import text_label


class PlacesCard(Card):
    """One line for each place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Home", parent=parent)
        self._paths: tuple[PathView, ...] = ()
        self._body: QWidget | None = None
        self.copies: dict[str, ActionButton] = {}

    def show_paths(self, paths: tuple[PathView, ...]) -> None:
        """The same ones cost nothing."""
        if paths == self._paths:
            return
        self._paths = paths
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget(self)
        grid = QGridLayout(self._body)
        grid.setContentsMargins(14, 8, 10, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for line, place in enumerate(paths):
            self._add(grid, line, place)
        self.add(self._body)

    def _add(self, grid: QGridLayout, line: int, place: PathView) -> None:
        path = ElidedLabel(place.path)
        path.setProperty("mono", "true")
        path.setProperty("tone", "secondary")
        button = ActionButton(
            "", "quiet", icon_name="copy", dense=True, tip=f"Copy the path: {place.name}", parent=self
        )
        button.clicked.connect(lambda _checked: _copy(place.path, button))
        self.copies[place.name] = button
        grid.addWidget(text_label(place.name, "hint", "label"), line, 0)
        grid.addWidget(path, line, 1)
        grid.addWidget(button, line, 2)


def _copy(path: str, button: ActionButton) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(path)
        button.show_done("Copied")
