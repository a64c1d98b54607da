"""Names and sentences in two columns; the sentences wrap."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from widgets.parts.text.labels import text_label

_NAME_WIDTH = 76


class Texts(QWidget):
    """Rows are made anew only when their names differ; otherwise their words change in place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}

    def show_texts(self, texts: tuple[tuple[str, str], ...]) -> None:
        if tuple(self._values) != tuple(name for name, _ in texts):
            self._make(tuple(name for name, _ in texts))
        for name, text in texts:
            label = self._values[name]
            if label.text() != text:
                label.setText(text)

    def text(self, name: str) -> str:
        """What stands behind a name; empty if it is not shown."""
        return self._values[name].text() if name in self._values else ""

    def _make(self, names: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._values = {}
        top = Qt.AlignmentFlag.AlignTop
        for place, name in enumerate(names):
            value = text_label("", "", "label", wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(name)
            self._grid.addWidget(text_label(name, "hint", "label"), place, 0, top)
            self._grid.addWidget(value, place, 1, top)
            self._values[name] = value
