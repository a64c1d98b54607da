"""The editor of parameters: ``key=value``, for good or for the next run alone."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from services.orchestrator.commands import SetParameters
from widgets.parts.action_button import ActionButton

Value = str | int | float | bool | None
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


def parameter(text: str) -> dict[str, Value]:
    """Read ``key=value``: true, false, null and numbers are what they look like. Raises ``ValueError``."""
    key, found, value = text.partition("=")
    if not found or not key.strip().isidentifier():
        raise ValueError("write a parameter's name and its value, such as speed=5")
    return {key.strip(): _value(value.strip())}


def _value(text: str) -> Value:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.removeprefix('"').removesuffix('"')


class ParameterEditor(QWidget):
    """One line and two buttons; Enter sets it for good."""

    command = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._process = ""
        self.field = QLineEdit()
        self.field.setPlaceholderText("parameter=value, such as speed=5")
        self.field.setAccessibleName("Parameter and value")
        self.buttons = {
            False: ActionButton("Set", dense=True, tip="From the next run on (Enter)"),
            True: ActionButton("Next run only", dense=True, tip="For the next run alone"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        for once, button in self.buttons.items():
            row.addWidget(button)
            button.clicked.connect(lambda _checked, once=once: self.submit(once=once))
        self.field.returnPressed.connect(lambda: self.submit(once=False))

    def show_process(self, name: str) -> None:
        """Edit this process from now on."""
        if name != self._process:
            self._process = name
            self.field.clear()
            for button in self.buttons.values():
                button.reset()

    def submit(self, *, once: bool) -> None:
        """Tell the command, or say at the button why it cannot be."""
        button = self.buttons[once]
        try:
            changed = parameter(self.field.text())
        except ValueError as error:
            button.show_failed(button.text(), str(error))
            self.field.setToolTip(str(error))
            return
        if button.state != "working":
            button.show_working()
            self.command.emit(SetParameters(self._process, dict(changed), once))

    def answered(self, command: SetParameters, error: str) -> None:
        """What came of it."""
        button = self.buttons[command.once]
        if command.process != self._process:
            return
        if error:
            button.show_failed("Failed", error)
        else:
            button.show_done("Set")
            self.field.clear()
