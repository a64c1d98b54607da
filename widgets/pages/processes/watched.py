"""The rules that watch a process: how each stands, and the way to it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.labels import section_label, text_label
from widgets.states.rules import RuleLine


class WatchedBy(QWidget):
    """Made anew only when a rule stands otherwise; ``chosen`` is the key of a rule to open."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[RuleLine, ...] | None = None
        self.buttons: dict[str, ActionButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)

    def show_lines(self, lines: tuple[RuleLine, ...]) -> None:
        """Show the rules; nothing at all where there are none."""
        self.setVisible(bool(lines))
        if lines == self._shown:
            return
        self._shown = lines
        self._empty()
        self._grid.addWidget(section_label("Watched by"), 0, 0, 1, 4)
        for row, line in enumerate(lines, 1):
            self._add(row, line)

    def _add(self, row: int, line: RuleLine) -> None:
        button = ActionButton("Re-arm" if line.can_rearm else "Show", "link", tip="On the Rules page", parent=self)
        button.clicked.connect(lambda _checked, key=line.key: self.chosen.emit(key))
        self.buttons[line.key] = button
        since = f", {line.when}" if line.word != "Normal" and line.when else ""
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(StatusDot(Status(line.shape), self), row, 0, middle)
        self._grid.addWidget(text_label(line.rule), row, 1, middle)
        self._grid.addWidget(text_label(f"{line.word}{since}", "hint", "label"), row, 2, middle)
        self._grid.addWidget(button, row, 3, middle)

    def _empty(self) -> None:
        self.buttons = {}
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
