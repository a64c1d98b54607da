"""The form that makes a process of any command."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from services.core.durations import parse_duration
from widgets.parts.action_button import ActionButton
from widgets.parts.labels import text_label

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ALWAYS, _EVERY, _CRON = "Always, from the start on", "Again and again, every", "By the calendar (cron)"
_ALIVE = ("While it runs", "It must print something within", "A file must change within (PATH within 60s)")


@dataclass(frozen=True, slots=True)
class NewScript:
    """What a person wants to run. ``every`` and ``cron`` are empty where it runs from the start on; ``alive`` as in
    the process's file (``output within 60s``, ``file PATH within 60s``, ``http URL every 10s``), or empty."""

    name: str
    command: str
    folder: str = ""
    every: str = ""
    cron: str = ""
    alive: str = ""


class Mistaken(ValueError):
    """The form does not make a script; the message says which field and what would be right."""


def check(script: NewScript) -> NewScript:
    """The script, if all of it can be; raises ``Mistaken`` with the first mistake."""
    if not _NAME.fullmatch(script.name):
        raise Mistaken("Name: letters, digits, dots and dashes, beginning with a letter or digit")
    try:
        words = shlex.split(script.command)
    except ValueError as error:
        raise Mistaken(f"Command: {error}") from error
    if not words:
        raise Mistaken("Command: what is to be run, such as python main.py --fast")
    if script.every:
        try:
            parse_duration(script.every)
        except ValueError as error:
            raise Mistaken(f"Schedule: {error}") from error
    if script.cron and len(script.cron.split()) != 5:
        raise Mistaken("Schedule: five fields (minute hour day month weekday), such as 0 9 * * mon-fri")
    return script


class NewScriptForm(QWidget):
    """Emits ``made`` with a sound script; Esc or Cancel emits ``given_up``."""

    made = pyqtSignal(object)
    given_up = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.command, self.folder = QLineEdit(), QLineEdit(), QLineEdit()
        self.when, self.period = QComboBox(), QLineEdit()
        self.alive, self.alive_within = QComboBox(), QLineEdit()
        self.mistake = text_label("", "bad", "label", wrap=True)
        self.add = ActionButton("Add process", "primary", tip="Write its file and start it (Ctrl+Enter)")
        self.cancel = ActionButton("Cancel", tip="Leave the form (Esc)")
        self._fill()
        self._lay_out()

    def begin(self, name: str = "", command: str = "") -> None:
        """Show an empty form, or one with what is known already."""
        for field, text in ((self.name, name), (self.command, command), (self.folder, ""), (self.period, "")):
            field.setText(text)
        self.when.setCurrentIndex(0)
        self.alive.setCurrentIndex(0)
        self.mistake.setText("")
        self.add.reset()
        self.name.setFocus()

    def script(self) -> NewScript:
        """What the fields say, unchecked."""
        period, within = self.period.text().strip(), self.alive_within.text().strip()
        return NewScript(
            self.name.text().strip(),
            self.command.text().strip(),
            self.folder.text().strip(),
            every=period if self.when.currentText() == _EVERY else "",
            cron=period if self.when.currentText() == _CRON else "",
            alive=("", f"output within {within}", f"file {within}")[self.alive.currentIndex()],
        )

    def submit(self) -> None:
        """Emit the script, or say what is wrong with it."""
        script = self.script()
        try:
            if self.when.currentIndex() and not (script.every or script.cron):
                raise Mistaken("Schedule: say how often, such as 15m, or a calendar line, such as 0 9 * * *")
            check(script)
        except Mistaken as mistake:
            self.mistake.setText(str(mistake))
            return
        self.mistake.setText("")
        self.made.emit(script)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.matches(QKeySequence.StandardKey.Cancel):
            self.given_up.emit()
        elif event is not None and event.key() in (0x01000004, 0x01000005):  # Return, Enter
            self.submit()
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        self.when.addItems((_ALWAYS, _EVERY, _CRON))
        self.alive.addItems(_ALIVE)
        self.name.setPlaceholderText("nightly-report")
        self.command.setPlaceholderText("python main.py --fast")
        self.folder.setPlaceholderText("Where it runs; your home when empty")
        self.alive_within.setText("60s")
        self.period.hide()
        self.alive_within.hide()
        self.when.currentIndexChanged.connect(self._when_changed)
        self.alive.currentIndexChanged.connect(lambda place: self.alive_within.setVisible(place > 0))
        self.add.clicked.connect(lambda: self.submit())
        self.cancel.clicked.connect(lambda: self.given_up.emit())

    def _when_changed(self, place: int) -> None:
        self.period.setVisible(place > 0)
        self.period.setPlaceholderText("15m" if place == 1 else "0 9 * * mon-fri")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        rows = {
            "Name": (self.name,),
            "Command": (self.command,),
            "Folder": (self.folder,),
            "Runs": (self.when, self.period),
            "Lives": (self.alive, self.alive_within),
        }
        for title, fields in rows.items():
            row = QHBoxLayout()
            for field in fields:
                field.setAccessibleName(title)
                row.addWidget(field, 1)
            form.addRow(text_label(title, "secondary"), row)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        hint = "Any command: it gets a watchdog, restarts, pause, history and a log, like every other process."
        column.addWidget(text_label(hint, "hint", "label", wrap=True))
        column.addLayout(form)
        column.addWidget(self.mistake)
        column.addLayout(buttons)
        column.addStretch(1)
