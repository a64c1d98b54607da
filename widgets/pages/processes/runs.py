"""The run history of a process; opening a run shows how it ended, with its traceback."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from widgets.pages.processes.run_columns import RUN_COLUMNS
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.card import Card
from widgets.parts.table import RowsModel, Table
from widgets.states.process_detail import RunLine

_NOTHING = "No run yet among the latest of all processes"


class Runs(Card):
    """A table of runs, or one of them in full."""

    opened = pyqtSignal(int)
    """The epoch of the run that is shown in full."""
    older = pyqtSignal()
    """Runs from before those that are shown are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Runs", parent=parent)
        self._runs: dict[int, RunLine] = {}
        self._open: int | None = None
        self._older = False
        self.table = Table(RowsModel(RUN_COLUMNS, key=lambda run: run.epoch), name="Runs", dense=True)
        self.table.nothing = _NOTHING
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setProperty("mono", "true")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The run in full")
        self.copy_button = ActionButton("Copy", icon_name="copy", dense=True, tip="Copy all of it", parent=self)
        self.more = ActionButton("Older runs", "quiet", dense=True, tip="Read older ones from the store", parent=self)
        self.back = ActionButton("", "quiet", icon_name="close", dense=True, tip="Back to all runs (Esc)", parent=self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.table)
        self._whole = QWidget(self)
        inset = QVBoxLayout(self._whole)
        inset.setContentsMargins(8, 8, 8, 8)
        inset.addWidget(self.text)
        self._pages.addWidget(self._whole)
        self.add(self._pages, 1)
        for button in (self.more, self.copy_button, self.back):
            self.add_to_header(button)
        self.table.opened.connect(self._open_key)
        self.table.acted.connect(lambda _action, key: self._open_key(key))
        self.copy_button.clicked.connect(self._copy)
        self.more.clicked.connect(self._want_older)
        self.back.clicked.connect(self.close_run)
        self._show_buttons()

    @property
    def reading(self) -> bool:
        """Whether one run is shown in full."""
        return self._open is not None

    def show_runs(self, runs: tuple[RunLine, ...], *, older: bool = False) -> None:
        """These are the runs, newest first; ``older`` ones may be had."""
        if older != self._older or len(runs) != len(self._runs):
            self._older = older
            self.more.reset()
            self._show_buttons()
        self._runs = {run.epoch: run for run in runs}
        self.table.rows.show_rows(runs)
        if self._open is not None and self._open in self._runs:
            self._write(self._runs[self._open])
        elif self._open is not None:
            self.close_run()
        if not self.reading:
            self.show_note(f"{len(runs):,}" if runs else "")

    def open_run(self, epoch: int) -> None:
        """Show one run in full. Raises KeyError if there is none of this number."""
        run = self._runs[epoch]
        self._open = epoch
        self._write(run)
        self._pages.setCurrentWidget(self._whole)
        self._show_buttons()
        self.text.setFocus()
        self.opened.emit(epoch)

    def close_run(self) -> None:
        """Back to all runs."""
        if self._open is None:
            return
        self._open = None
        self.show_title("Runs")
        self.show_note(f"{len(self._runs):,}" if self._runs else "")
        self._pages.setCurrentWidget(self.table)
        self._show_buttons()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape and self.reading:
            self.close_run()
        else:
            super().keyPressEvent(event)

    def _open_key(self, key: object) -> None:
        if isinstance(key, int):
            self.open_run(key)

    def _write(self, run: RunLine) -> None:
        self.show_title(f"Run {run.epoch}")
        self.show_note(f"{run.result}, took {run.took}")
        text = told(run)
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.text.toPlainText())
            self.copy_button.show_done("Copied")

    def _want_older(self) -> None:
        self.more.show_working("Reading…")
        self.older.emit()

    def _show_buttons(self) -> None:
        self.more.setVisible(self._older and not self.reading)
        self.copy_button.setVisible(self.reading)
        self.back.setVisible(self.reading)


def told(run: RunLine) -> str:
    """All that is known of a run, as text."""
    ended = "It is under way." if run.result == "Under way" else run.detail or f"{run.result}, and said nothing of it."
    return "\n".join((f"Started {run.exactly}", f"Because: {run.why or '—'}", "", ended, *_trace(run.traceback)))


def _trace(traceback: str) -> tuple[str, ...]:
    return ("", traceback.rstrip()) if traceback else ()
