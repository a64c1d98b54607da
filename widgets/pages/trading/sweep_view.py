"""A sweep on the page: its axes, its progress, the heat map of what it found, and the best."""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from services.core.words import counted
from services.trading.sweep.ordered import Found, SweepFound
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.heat import Cell as Place
from widgets.parts.heat import HeatGrid, HeatMap
from widgets.parts.panels.split import Split
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import dressed, text_label
from widgets.parts.text.times import signed

_LONGEST = 300
_IN_SAMPLE = "In sample, best of {}: partly luck. A walk forward tells how much."


def _figure(value: float, text: str) -> str:
    return "none" if math.isnan(value) else text


_COLUMNS = (
    Column[Found]("parameters", "Candidate", lambda found: Cell(found.parameters), 150, stretch=True),
    Column[Found](
        "sharpe",
        "Sharpe",
        lambda found: Cell(_figure(found.sharpe, signed(found.sharpe))),
        68,
        align="right",
        sort=lambda found: found.sharpe,
    ),
    Column[Found](
        "drawdown",
        "Max DD",
        lambda found: Cell(_figure(found.max_drawdown, f"{100 * found.max_drawdown:.1f}%"), "tx1"),
        68,
        align="right",
        sort=lambda found: found.max_drawdown,
    ),
    Column[Found](
        "trades",
        "Trades",
        lambda found: Cell(f"{found.trades:,}", "tx1"),
        60,
        align="right",
        sort=lambda found: found.trades,
        leaves_below=330,
    ),
    Column[Found](
        "alike",
        "Alike",
        lambda found: Cell(f"+{found.alike:,}" if found.alike else "", "tx1"),
        66,
        align="right",
        sort=lambda found: found.alike,
        leaves_below=350,
    ),
)


class SweepView(QWidget):
    """``run`` is wanted with the axes as they are written, or ``called_off`` while it is under way."""

    run = pyqtSignal(tuple)
    called_off = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes = QLineEdit()
        self.axes.setMaxLength(_LONGEST)
        self.axes.setAccessibleName("What is swept")
        self.axes.setToolTip("Numbers of the strategy's file and what they go through, such as macd.fast=6:13")
        self.start = ActionButton("Sweep", "primary", tip="Every combination over all candles, in another process")
        self.told = dressed(ElidedLabel(""), "hint", "label")
        self.notes = text_label("", "hint", "label", wrap=True)
        self.heat = HeatMap()
        self.best = Table(RowsModel(_COLUMNS, key=lambda found: found.parameters), name="Best candidates", dense=True)
        self.best.nothing = "The best combinations stand here"
        self._running = False
        self._lay_out()
        self.start.clicked.connect(self._press)
        self.axes.returnPressed.connect(self.begin)

    def propose(self, axes: tuple[str, ...]) -> None:
        """Write these axes, unless the person has written their own."""
        if not self.axes.isModified():
            self.axes.setText(" ".join(axes))
            self.axes.setCursorPosition(0)  # where it is too long for the field, its begin is seen

    def begin(self) -> None:
        """Sweep what stands in the field."""
        if not self._running and (axes := tuple(self.axes.text().split())):
            self.run.emit(axes)

    def show_progress(self, part: float) -> None:
        """It is under way; 0 to 1."""
        self._is_running(True)
        self.told.setText(
            f"Under way: {100 * part:.0f}%" if part else "Compiling; the first sweep of all takes longest"
        )

    def show_found(self, found: SweepFound) -> None:
        """What it found."""
        self._is_running(False)
        now = Place(*found.now) if found.now is not None else None
        self.heat.show_grid(
            HeatGrid("Sharpe", found.column_name, found.columns, found.row_name, found.rows, found.values, now)
        )
        self.best.rows.show_rows(found.best)
        self.told.setText(f"{_IN_SAMPLE.format(f'{found.combinations:,}')} {found.label}")
        self._show_notes(found.notes)
        self.told.setToolTip(f"{counted(found.bars, 'bar')} of {found.label}, by the {found.engine} engine")

    def show_none(self, why: str = "") -> None:
        """Nothing was found yet, or why it could not be."""
        self._is_running(False)
        self.heat.show_grid(None)
        self.best.rows.show_rows(())
        self.told.setText(why)
        self.told.setToolTip(why)
        self._show_notes(())

    def _show_notes(self, notes: tuple[str, ...]) -> None:
        self.notes.setText("\n".join(f"Note: {note}" for note in notes))
        self.notes.setVisible(bool(notes))

    def _press(self) -> None:
        if self._running:
            self.called_off.emit()
        else:
            self.begin()

    def _is_running(self, running: bool) -> None:
        if running is not self._running:
            self._running = running
            tip = "End it; nothing of it is kept" if running else "Every combination over all candles"
            self.start.show_label("Cancel" if running else "Sweep", tip=tip)
            self.axes.setEnabled(not running)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(14, 8, 14, 4)
        row.setSpacing(8)
        row.addWidget(self.axes, 3)
        row.addWidget(self.start)
        row.addWidget(self.told, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        noted = QHBoxLayout()
        noted.setContentsMargins(14, 0, 14, 4)
        noted.addWidget(self.notes)
        column.addLayout(noted)
        self._show_notes(())
        column.addWidget(Split("trading.sweep", Qt.Orientation.Horizontal).fill((self.heat, 3), (self.best, 2)), 1)
