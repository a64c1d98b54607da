"""The selected setting: what it means, where its value is from, and a field to change it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from widgets.pages.settings.state import SettingRow, overridden
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.filters import Choices
from widgets.parts.labels import text_label


class SettingDetail(Card):
    """`changed` gives the name and the value as text; None asks for the default."""

    changed = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Setting", parent=parent)
        self.row: SettingRow | None = None
        self.meaning = text_label("", wrap=True)
        self.origin = text_label("", "secondary", "label", wrap=True)
        self.fault = text_label("", "bad", "label", wrap=True)
        for label in (self.origin, self.fault):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.field = QLineEdit(self)
        self.field.returnPressed.connect(self._save)
        self.save = ActionButton("Save", "primary", tip="Write it into settings.toml (Enter)", parent=self)
        self.save.clicked.connect(lambda _checked: self._save())
        self.reset = ActionButton("Back to default", tip="Take it out of settings.toml", parent=self)
        self.reset.clicked.connect(lambda _checked: self._tell(None))
        self.choices: Choices | None = None
        self._lay_out()
        self.hide()

    def show_row(self, row: SettingRow | None) -> None:
        """Show a setting; what is being typed stays while the same one only changes its value elsewhere."""
        if row == self.row:
            return
        other = self.row is None or row is None or row.name != self.row.name
        before, self.row = self.row, row
        self.setVisible(row is not None)
        if row is None:
            return
        self.show_title(row.name)
        self.show_note(row.variable)
        self.meaning.setText(row.meaning)
        self.origin.setText(_origin(row))
        if other or (before is not None and self.field.text() == before.value):
            self.field.setText(row.value)
        if other:
            self._show_fault("")
            self.save.reset()
            self.reset.reset()
        self._show_choices(row)
        free = row.editable and not row.choices
        self.field.setVisible(free)
        self.field.setAccessibleName(f"Value of {row.name}")
        self.save.setVisible(free)
        self.reset.setVisible(row.editable and row.kind_of_source == "file")

    def answered(self, name: str, error: str) -> None:
        """What came of a change."""
        if self.row is None or name != self.row.name:
            return
        self._show_fault(error)
        for button in (self.save, self.reset):
            if button.state == "working" and error:
                button.show_failed(why=error)
            elif button.state == "working":
                button.show_done("Saved")
        if self.choices is not None:
            self.choices.choose(self.row.value)

    def _show_fault(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def _show_choices(self, row: SettingRow) -> None:
        if self.choices is not None:
            self.choices.hide()
            self.choices.deleteLater()
            self.choices = None
        if row.choices and row.editable:
            self.choices = Choices(f"Value of {row.name}", tuple((each, each) for each in row.choices), self)
            if row.value in row.choices:
                self.choices.choose(row.value)
            self.choices.chosen.connect(self._tell)
            self._edit.insertWidget(0, self.choices)

    def _save(self) -> None:
        if self.save.state != "working":
            self.save.show_working("Saving…")
            self._tell(self.field.text().strip() or None)

    def _tell(self, value: object) -> None:
        if self.row is not None:
            if value is None and self.sender() is self.reset:
                self.reset.show_working("Taking it out…")
            self.changed.emit(self.row.name, value)

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        self._edit = QHBoxLayout()
        self._edit.setSpacing(8)
        self._edit.addWidget(self.field, 1)
        self._edit.addWidget(self.save)
        self._edit.addWidget(self.reset)
        self._edit.addStretch(0)
        for label in (self.meaning, self.origin):
            column.addWidget(label)
        column.addLayout(self._edit)
        column.addWidget(self.fault)
        self.add(body)


def _origin(row: SettingRow) -> str:
    if row.masked:
        return f"{row.source if row.value else 'Not set'}. Set it by: dreamscape config set-secret {row.name}"
    known = {"default": "The default", "env": f"From the variable {row.source.removeprefix('env ')}"}
    text = known.get(row.kind_of_source, f"From {row.source}")
    if row.waits:
        text += "; it holds from the next start on"
    if not row.editable:
        text += "; change it in settings.toml by hand"
    return f"{text}. {overridden(row)}".rstrip(". ") + "."
