"""The selected setting: what it means, where its value came from, and another value where the window can set one."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from widgets.pages.settings.state import how_to_change
from widgets.pages.settings.views import SettingRow
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.filters import Choices
from widgets.parts.text.labels import rule, text_label


class SettingEditor(QWidget):
    """`changed` gives the name and another value, as text from the field, None for the default.

    Only what the file may set can be changed: chips where there are choices, else a field.
    """

    changed = pyqtSignal(str, object)

    opened = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: SettingRow | None = None
        self.choices: Choices | None = None
        self._name = text_label("", weight="medium")
        self._meaning = text_label("", "secondary", "label", wrap=True)
        self.how = text_label("", "hint", "label", wrap=True)
        self.fault = text_label("", "bad", "label", wrap=True)
        self.fault.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.field = QLineEdit(self)
        self.field.setMinimumWidth(220)
        self.field.returnPressed.connect(self._save)
        self.field.textEdited.connect(lambda _text: self._edited())
        self.save = ActionButton("Save", dense=True, tip="Write it into settings.toml (Enter)", parent=self)
        self.save.clicked.connect(lambda _checked: self._save())
        self.default = ActionButton("Back to default", dense=True, tip="Take it out of settings.toml", parent=self)
        self.default.clicked.connect(lambda _checked: self._reset())
        self._lay_out()
        self.hide()

    @property
    def row(self) -> SettingRow | None:
        return self._row

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.opened.emit()

    def show_row(self, row: SettingRow | None) -> None:
        """Show a setting, or nothing. What is being typed stays while its setting does."""
        self.setVisible(row is not None)
        if row is None or row == self._row:
            return
        before, self._row = self._row, row
        self._name.setText(row.name)
        self._meaning.setText(row.meaning)
        self._meaning.setVisible(bool(row.meaning))
        self.how.setText(how_to_change(row))
        if before is None or before.name != row.name:
            self._begin()
        elif self.field.text() == before.value:
            self.field.setText(row.value)
        ours = row.editable and not row.masked and not row.fixed_by
        self.default.setVisible(ours and not row.is_default)
        self._offer(row if ours else None)

    def told(self, name: str, error: str) -> None:
        """The setting was written, or not and why."""
        if self._row is None or self._row.name != name:
            return
        self._say(error)
        for button in (self.save, self.default):
            if button.state == "working" and error:
                button.show_failed(why=error)
            elif button.state == "working":
                button.show_done("Saved")
        if self.choices is not None and self._row.value in self.choices.chips:
            self.choices.choose(self._row.value)

    def begin(self) -> None:
        """Put the keyboard where a value can be given."""
        if self._row is not None and self.choices is not None:
            self.choices.chips[self._row.value].setFocus()
        elif self.field.isVisible():
            self.field.setFocus()
            self.field.selectAll()

    def _begin(self) -> None:
        """Another setting: nothing of the one before stays."""
        assert self._row is not None
        self._say("")
        self.field.setText(self._row.value)
        self.field.setAccessibleName(f"Value of {self._row.name}")
        self.save.reset()
        self.default.reset()

    def _edited(self) -> None:
        """What was said of the text before no longer holds."""
        if self.save.state == "failed":
            self.save.reset()
            self._say("")

    def _say(self, fault: str) -> None:
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def _offer(self, row: SettingRow | None) -> None:
        if self.choices is not None:
            self._place.removeWidget(self.choices)
            self.choices.hide()
            self.choices.deleteLater()
            self.choices = None
        chosen_from = row is not None and row.value in row.choices
        self.field.setVisible(row is not None and not chosen_from)
        self.save.setVisible(row is not None and not chosen_from)
        if row is None or not chosen_from:
            return
        self.choices = Choices(row.name, tuple((choice, choice) for choice in row.choices), self)
        self.choices.choose(row.value)
        self.choices.chosen.connect(self._choose)
        self._place.insertWidget(1, self.choices)

    def _choose(self, chosen: str) -> None:
        if self._row is not None and chosen != self._row.value:
            self.changed.emit(self._row.name, chosen)

    def _save(self) -> None:
        if self._row is None or self.save.state == "working" or self.field.text() == self._row.value:
            return
        self.save.show_working("Saving…")
        self.changed.emit(self._row.name, self.field.text().strip() or None)

    def _reset(self) -> None:
        if self._row is not None:
            self.default.show_working("Taking it out…")
            self.changed.emit(self._row.name, None)

    def _lay_out(self) -> None:
        self._place = QHBoxLayout()
        self._place.setSpacing(8)
        self._place.addStretch(1)
        for part in (self.field, self.save, self.default):
            self._place.addWidget(part)
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addLayout(self._place, 1)
        edged = QVBoxLayout(self)
        edged.setContentsMargins(0, 0, 0, 0)
        edged.setSpacing(0)
        edged.addWidget(rule(self))
        column = QVBoxLayout()
        edged.addLayout(column)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        column.addLayout(head)
        for label in (self._meaning, self.how, self.fault):
            column.addWidget(label)
