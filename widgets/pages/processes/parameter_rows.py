"""The parameters that the next run of a process is given, each with where it comes from, to be changed in place."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from services.orchestrator.overrides import pairs
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import text_label
from widgets.states.process_parameters import ParameterLine

_NAME_WIDTH = 120


class ParameterRows(QWidget):
    """``edited`` says that a person has written something, ``entered`` that they want it so."""

    edited = pyqtSignal()
    entered = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QLineEdit] = {}
        self._origins: dict[str, QLabel] = {}
        self._can_act = True
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_lines(self, lines: tuple[ParameterLine, ...]) -> None:
        """Show what holds; what a person is writing stays as they write it."""
        if [line.name for line in lines] != list(self.fields):
            self._build(lines)
        for line in lines:
            field = self.fields[line.name]
            if not field.isModified() and field.text() != line.text:
                field.setText(line.text)
                field.setCursorPosition(0)
            field.setReadOnly(line.hidden or not self._can_act)
            field.setToolTip("It looks like a secret, so it is not shown" if line.hidden else line.text)
            self._origins[line.name].setText(line.origin)
        self.setVisible(bool(lines))

    def changed(self) -> dict[str, Any]:
        """What a person has written and not yet sent, by name."""
        written = [f"{name}={field.text()}" for name, field in self.fields.items() if field.isModified()]
        return pairs(written)

    def forget(self) -> None:
        """What was written is sent, or given up."""
        for field in self.fields.values():
            field.setModified(False)

    def set_can_act(self, can_act: bool) -> None:
        self._can_act = can_act

    def _build(self, lines: tuple[ParameterLine, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields.clear()
        self._origins.clear()
        for row, line in enumerate(lines):
            name = ElidedLabel(line.name, parent=self)
            name.setFixedWidth(_NAME_WIDTH)
            field = QLineEdit(self)
            field.setAccessibleName(line.name)
            field.textEdited.connect(lambda _text: self.edited.emit())
            field.returnPressed.connect(self.entered)
            origin = text_label("", "hint", "small")
            for column, widget in enumerate((name, field, origin)):
                self._grid.addWidget(widget, row, column)
            self.fields[line.name], self._origins[line.name] = field, origin
