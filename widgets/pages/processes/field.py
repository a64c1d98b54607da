"""One field of a form: its name, what can be typed, a hint, and one sentence where that is wrong."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.parts.text.labels import text_label

Editor = QLineEdit | QComboBox | QPlainTextEdit


class Field(QWidget):
    """``changed`` says that a person typed. A fault is told once the field was touched, or when all are asked for."""

    changed = pyqtSignal()

    def __init__(self, title: str, *editors: Editor, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors = editors
        self._touched = False
        self._fault = text_label("", "bad", "small", wrap=True, parent=self)
        self._fault.hide()
        self._hint = text_label(hint, "hint", "small", wrap=True, parent=self)
        self._hint.setVisible(bool(hint))
        row = QHBoxLayout()
        row.setSpacing(6)
        for editor in editors:
            editor.setAccessibleName(title)
            editor.setAccessibleDescription(hint)
            row.addWidget(editor, 1)
            _when_changed(editor, self._touch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(text_label(title, "secondary", "label"))
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self._fault)

    @property
    def fault(self) -> str:
        """The sentence that is shown; empty where none is."""
        return self._fault.text()

    def show_fault(self, sentence: str, *, asked: bool = False) -> None:
        """Tell what is wrong, if the field was touched or this is ``asked`` for; the hint gives it room."""
        self._touched = self._touched or asked
        shown = sentence if self._touched else ""
        if shown == self._fault.text():
            return
        self._fault.setText(shown)
        self._fault.setVisible(bool(shown))
        self._hint.setVisible(bool(self._hint.text()) and not shown)
        for editor in self._editors:
            editor.setAccessibleDescription(shown or self._hint.text())

    def show_hint(self, hint: str) -> None:
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint) and not self.fault)

    def begin(self) -> None:
        """As if nobody had touched it."""
        self._touched = False
        self.show_fault("")

    def focus(self) -> None:
        """Put the keyboard here."""
        next((editor for editor in self._editors if editor.isEnabled()), self._editors[0]).setFocus()

    def _touch(self) -> None:
        self._touched = True
        self.changed.emit()


def _when_changed(editor: Editor, call: Callable[[], None]) -> None:
    match editor:
        case QLineEdit():
            editor.textEdited.connect(lambda _text: call())
        case QComboBox():
            editor.activated.connect(lambda _place: call())
            if editor.isEditable():
                editor.editTextChanged.connect(lambda _text: call())
        case QPlainTextEdit():
            editor.textChanged.connect(lambda: call())
