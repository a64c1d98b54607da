"""The selected setting: what it means, where its value came from, and another value where the window can set one."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.pages.settings.state import how_to_change
from widgets.pages.settings.views import SettingChanged, SettingRow
from widgets.parts.action_button import ActionButton
from widgets.parts.filters import Choices
from widgets.parts.labels import text_label


class SettingEditor(QWidget):
    """`changed` carries a SettingChanged, for settings that have choices and that the file may set."""

    changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: SettingRow | None = None
        self.choices: Choices | None = None
        self._name = text_label("", weight="medium")
        self._meaning = text_label("", "secondary", "label", wrap=True)
        self.how = text_label("", "hint", "label", wrap=True)
        self.fault = text_label("", "bad", "label", wrap=True)
        self.default = ActionButton("Back to default", dense=True, tip="Take it out of the file", parent=self)
        self.default.clicked.connect(lambda _checked: self._send(None))
        self._place = QHBoxLayout()
        self._place.addStretch(1)
        self._place.addWidget(self.default)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addLayout(self._place, 1)
        column.addLayout(head)
        for label in (self._meaning, self.how, self.fault):
            column.addWidget(label)
        self.hide()

    @property
    def row(self) -> SettingRow | None:
        return self._row

    def show_row(self, row: SettingRow | None) -> None:
        """Show a setting, or nothing."""
        self.setVisible(row is not None)
        if row is None or row == self._row:
            return
        self._row = row
        self._name.setText(row.name)
        self._meaning.setText(row.meaning)
        self._meaning.setVisible(bool(row.meaning))
        self.how.setText(how_to_change(row))
        self.fault.hide()
        ours = not row.masked and not row.fixed_by
        self.default.setVisible(ours and not row.is_default)
        self._offer(row if ours else None)

    def told(self, name: str, error: str) -> None:
        """The setting was written, or not and why."""
        if self._row is not None and self._row.name == name:
            self.fault.setText(error)
            self.fault.setVisible(bool(error))
            if error and self.choices is not None and self._row.value in self.choices.chips:
                self.choices.choose(self._row.value)

    def _offer(self, row: SettingRow | None) -> None:
        if self.choices is not None:
            self._place.removeWidget(self.choices)
            self.choices.hide()
            self.choices.deleteLater()
            self.choices = None
        if row is None or row.value not in row.choices:
            return
        self.choices = Choices(row.name, tuple((choice, choice) for choice in row.choices), self)
        self.choices.choose(row.value)
        self.choices.chosen.connect(self._send)
        self._place.insertWidget(1, self.choices)

    def _send(self, chosen: str | None) -> None:
        if self._row is None or chosen == self._row.value:
            return
        value = chosen == "true" if chosen in ("true", "false") else chosen
        self.changed.emit(SettingChanged(self._row.name, value))
