"""The history of runs, newest first, with the traceback of the one that is selected."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from widgets.parts.split import Split
from widgets.parts.status import Status
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.times import full_time
from widgets.states.process_detail import RunLine

_COLUMNS = (
    Column[RunLine]("when", "Started", lambda run: Cell(run.when, "tx1", mono=True, tip=full_time(run.started)), 84),
    Column[RunLine]("result", "Result", lambda run: Cell(run.word, status=Status(run.shape)), 112),
    Column[RunLine]("took", "Took", lambda run: Cell(run.took, "tx1"), 70, align="right"),
    Column[RunLine]("why", "Why, and what came of it", lambda run: _why(run), 120, stretch=True),
)


def _why(run: RunLine) -> Cell:
    told = f"{run.why} · {run.detail}" if run.detail else run.why
    return Cell(told, "tx1", tip=told)


class RunTable(Split):
    """Selecting a run shows what it left: its traceback, or its last words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("processes.runs", Qt.Orientation.Vertical, parent)
        self._model = RowsModel[RunLine](_COLUMNS, key=lambda run: run.epoch)
        self.table = Table(self._model, name="Runs", dense=True)
        self.table.nothing = "No run yet"
        self.trace = QPlainTextEdit()
        self.trace.setProperty("mono", "true")
        self.trace.setReadOnly(True)
        self.trace.setAccessibleName("Traceback of the selected run")
        self.trace.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.trace.hide()
        self.fill((self.table, 3), (self.trace, 2))
        self.table.selected.connect(lambda _epoch: self._show_trace())

    def show_runs(self, runs: tuple[RunLine, ...]) -> None:
        self._model.show_rows(runs)
        self._show_trace()

    def _show_trace(self) -> None:
        run = self._model.row_at(self.table.currentIndex())
        text = (run.traceback or run.detail) if run else ""
        if text != self.trace.toPlainText():
            self.trace.setPlainText(text)
        self.trace.setVisible(bool(text))
