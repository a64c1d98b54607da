"""One log line in full: the whole text with its traceback, and where it came from."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.log.lines import PROGRAM, ShownLine
from widgets.parts.panels.card import Card
from widgets.parts.status import Status
from widgets.parts.text.labels import text_label
from widgets.parts.text.times import full_time

_STATUS = {"WARNING": Status.WARN, "ERROR": Status.BAD, "CRITICAL": Status.BAD, "DEBUG": Status.IDLE}


class LineDetail(Card):
    """`process` names whose page to open; `closed` says that it shall go."""

    process = pyqtSignal(str)
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Line", parent=parent)
        self._line: ShownLine | None = None
        self.note = text_label("", "secondary", "label", wrap=True)
        self.note.setContentsMargins(14, 10, 14, 0)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setProperty("mono", "true")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The whole line")
        self.copy_button = ActionButton("Copy", icon_name="copy", dense=True, tip="Copy the whole line", parent=self)
        self.copy_button.clicked.connect(self.copy)
        self.open_button = ActionButton("Open process", dense=True, tip="Who said it, on its page", parent=self)
        self.open_button.clicked.connect(self._open)
        close = ActionButton("", "quiet", icon_name="close", dense=True, tip="Close (Esc)", parent=self)
        close.clicked.connect(self.closed)
        for button in (self.open_button, self.copy_button, close):
            self.add_to_header(button)
        self.add(self.note)
        self.add_padded(self.text, 1)

    @property
    def line(self) -> ShownLine | None:
        return self._line

    def show_line(self, line: ShownLine) -> None:
        """Show a line; the same one costs nothing."""
        if line is self._line:
            return
        self._line = line
        self.show_status(_STATUS.get(line.level, Status.INFO))
        self.show_title(f"{line.level.capitalize()} · {line.source}")
        when = full_time(line.moment) if line.moment is not None else line.at
        self.show_note(" · ".join(part for part in (when, line.logger, f"run {line.run}" if line.run else "") if part))
        self.note.setText(line.note)
        self.note.setVisible(bool(line.note))
        self.text.setPlainText(line.whole)
        self.open_button.setVisible(line.source != PROGRAM)

    def copy(self) -> None:
        """The line with its time, level, process and traceback on the clipboard."""
        line, clipboard = self._line, QGuiApplication.clipboard()
        if line is None or clipboard is None:
            return
        at = line.moment.isoformat(timespec="milliseconds") if line.moment is not None else line.at
        clipboard.setText(f"{at} {line.level} {line.source}: {line.whole}")
        self.copy_button.show_done("Copied")

    def _open(self) -> None:
        if self._line is not None:
            self.process.emit(self._line.source)
