"""Parameters of a process, changed for good, for its next run alone, or for a run that starts now."""

from __future__ import annotations

import shlex
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from services.core.errors import UserError
from services.orchestrator.overrides import pairs
from widgets.pages.processes.parameter_rows import ParameterRows
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.filters import Choices
from widgets.parts.text.labels import text_label
from widgets.states.process_parameters import ParameterLine

GOOD, ONCE, NOW = "good", "once", "now"
_SAID = {
    GOOD: "Set: it counts from the next run on",
    ONCE: "Set: it counts for the next run",
    NOW: "A run with these was asked for",
}


class Parameters(QWidget):
    """What the next run is given, and a field for more; ``wanted`` says what is changed, and for how long."""

    wanted = pyqtSignal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ParameterRows(self)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Another one: key=value")
        self.field.setAccessibleName("Parameters")
        self.field.setToolTip("Words such as speed=5 loop=true; Enter sets them")
        self.span = Choices("For how long", ((GOOD, "For good"), (ONCE, "Next run only"), (NOW, "Run now")), self)
        self._sent = GOOD
        self.button = ActionButton("Set", tip="Change these parameters (Enter)", parent=self)
        self.told = text_label("", "hint", "small", wrap=True)
        self._can_act = True
        self.field.textChanged.connect(lambda _text: self._look())
        self.field.returnPressed.connect(self.set)
        self.rows.edited.connect(self._look)
        self.rows.entered.connect(self.set)
        self.button.clicked.connect(self.set)
        self._lay_out()
        self._look()

    def set(self) -> None:
        """Ask for what is written, if it can be read."""
        found, fault = self._read()
        if found and not fault and self._can_act:
            self.button.show_working("Setting…")
            self._sent = self.span.current
            self.wanted.emit(found, self._sent)

    def show_lines(self, lines: tuple[ParameterLine, ...]) -> None:
        """Show what the next run is given."""
        self.rows.show_lines(lines)

    def show_answer(self, error: str) -> None:
        """What came of it; what was written stays where it was refused."""
        if error:
            self.button.show_failed("Not set", error)
            self._say(error, "bad")
            return
        self.button.show_done("Set")
        self.field.clear()
        self.rows.forget()
        self._say(_SAID[self._sent], "hint")

    def forget(self) -> None:
        """Another process is shown."""
        self.field.clear()
        self.rows.forget()
        self.button.reset()
        self._look()

    def set_can_act(self, can_act: bool) -> None:
        if can_act != self._can_act:
            self._can_act = can_act
            self.field.setEnabled(can_act)
            self.rows.set_can_act(can_act)
            self._look()

    def _look(self) -> None:
        found, fault = self._read()
        if self.button.state != "working":
            self.button.setEnabled(bool(found) and not fault and self._can_act)
        self._say(fault, "bad")

    def _read(self) -> tuple[dict[str, Any], str]:
        """What is written, in the rows and in the field."""
        found, fault = _read(self.field.text())
        return self.rows.changed() | found, fault

    def _say(self, text: str, tone: str) -> None:
        self.told.setText(text)
        self.told.setProperty("tone", tone)
        self.told.setVisible(bool(text))
        style = self.told.style()
        if style is not None:
            style.unpolish(self.told)
            style.polish(self.told)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        head = QHBoxLayout()
        head.addWidget(text_label("Parameters", "hint", "label"), 1)
        head.addWidget(self.span)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.rows)
        column.addLayout(row)
        column.addWidget(self.told)


def _read(text: str) -> tuple[dict[str, Any], str]:
    """The parameters, or a sentence that says what is wrong with the text."""
    try:
        return pairs(shlex.split(text)), ""
    except UserError as error:
        return {}, str(error)
    except ValueError:
        return {}, "A quotation mark is open: close it."
