"""Exhibits one below the other, each under its name."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets.parts.evidence.diff_text import DiffText
from widgets.parts.evidence.exhibits import Diff, Exhibit, Grid, Values, Words
from widgets.parts.evidence.value_rows import ValueRows
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.table.view import DENSE_ROW_HEIGHT
from widgets.parts.text.labels import section_label, text_label

_LETTER = 7.5  # px
_WIDEST_CELL = 220
_MOST_ROWS_SEEN = 8
_HEADER = 30
_Numbered = tuple[int, tuple[str, ...]]


class EvidenceView(QWidget):
    """Made anew only when what it shows differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Exhibit, ...] = ()
        self._pieces: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_exhibits(self, exhibits: tuple[Exhibit, ...]) -> None:
        if exhibits == self._shown:
            return
        self._shown = exhibits
        for piece in self._pieces:
            self._column.removeWidget(piece)
            piece.hide()
            piece.deleteLater()
        self._pieces = []
        for exhibit in exhibits:
            if exhibit.name:
                heading = section_label(exhibit.name)
                heading.setContentsMargins(0, 8, 0, 0)
                self._add(heading)
            self._add(_piece(exhibit))

    def _add(self, piece: QWidget) -> None:
        self._pieces.append(piece)
        self._column.addWidget(piece)


def _piece(exhibit: Exhibit) -> QWidget:
    match exhibit:
        case Diff(name, text):
            return DiffText(text, name)
        case Values():
            return ValueRows(exhibit.name or "Values", exhibit.pairs)
        case Grid():
            return _grid(exhibit)
        case Words():
            return _words(exhibit)


def _words(words: Words) -> QWidget:
    frame = QFrame()
    frame.setProperty("part", "inset")
    column = QVBoxLayout(frame)
    column.setContentsMargins(10, 8, 10, 8)
    label = text_label(words.text, "secondary", wrap=True)
    if words.code:
        label.setProperty("mono", "true")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAccessibleName(f"{words.name}: {words.text}" if words.name else words.text)
    column.addWidget(label)
    return frame


def _grid(grid: Grid) -> QWidget:
    table = Table(RowsModel(_columns(grid), key=lambda row: row[0]), name=grid.name, dense=True)
    table.rows.show_rows(tuple(enumerate(grid.rows)))
    table.setFixedHeight(min(_MOST_ROWS_SEEN, len(grid.rows)) * DENSE_ROW_HEIGHT + _HEADER)
    return table


def _columns(grid: Grid) -> tuple[Column[_Numbered], ...]:
    widest = max(range(len(grid.heads)), key=lambda place: max(len(row[place]) for row in grid.rows))
    return tuple(_column(grid, place, stretch=place == widest) for place in range(len(grid.heads)))


def _column(grid: Grid, place: int, *, stretch: bool) -> Column[_Numbered]:
    def cell(row: _Numbered) -> Cell:
        return Cell(row[1][place], role="tx1" if place else "tx0", tip=row[1][place])

    longest = max(len(grid.heads[place]), *(len(row[place]) for row in grid.rows))
    width = min(_WIDEST_CELL, round(longest * _LETTER) + 24)
    if place in grid.numbers:
        return Column(str(place), grid.heads[place], cell, width, stretch, "right", sort=_number_at(place))
    return Column(str(place), grid.heads[place], cell, width, stretch)


def _number_at(place: int) -> Callable[[_Numbered], float]:
    return lambda row: float(row[1][place].replace(",", ""))
