"""The heat map itself, painted as one."""

from __future__ import annotations

import math

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.parts.heat.grid import Cell, HeatGrid
from widgets.theme import active, colour, tint, ui_font

_LEFT, _TOP, _BOTTOM, _RIGHT = 46, 8, 34, 12
_STRONGEST = 0.72
_GAP = 1
_INSET, _ABOVE, _BESIDE, _DOT = 3, 1, 4, 5.0
"""Px that a figure keeps from the edge of its place, at its sides and above, and from the dot beside it; and how wide
that dot is."""


class HeatMap(QWidget):
    """Green above zero, red below, fainter towards it; each figure is written where there is room.

    Arrow keys go from place to place, and Enter chooses one, as a click does. The best has an edge, what is traded
    now a dot.
    """

    chosen = pyqtSignal(object)
    """A ``Cell``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid: HeatGrid | None = None
        self._at: Cell | None = None
        self.nothing = "Nothing swept yet"
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._say()

    @property
    def grid(self) -> HeatGrid | None:
        return self._grid

    @property
    def pointed(self) -> Cell | None:
        """The place under the mouse or the keys."""
        return self._at

    def show_grid(self, grid: HeatGrid | None) -> None:
        """Show these figures; equal ones cost nothing."""
        if grid == self._grid:
            return
        self._grid, self._at = grid, None
        self._say()
        self.update()

    def place_of(self, cell: Cell) -> QRectF:
        """Where a place is painted."""
        grid = self._grid
        if grid is None:
            return QRectF()
        width = (self.width() - _LEFT - _RIGHT) / max(1, len(grid.columns))
        height = (self.height() - _TOP - _BOTTOM) / max(1, len(grid.rows))
        return QRectF(_LEFT + cell.column * width, _TOP + cell.row * height, width - _GAP, height - _GAP)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(320, 200)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        grid = self._grid
        if event is None or grid is None:
            super().keyPressEvent(event)
        elif event.key() in steps:
            self._step(grid, *steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        cell = self._cell_at(event.position()) if event is not None else None
        if cell != self._at:
            self._point(cell)
            if cell is not None and self._grid is not None and event is not None:
                QToolTip.showText(event.globalPosition().toPoint(), self._grid.told(cell), self)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        cell = self._cell_at(event.position()) if event is not None else None
        if cell is not None:
            self.chosen.emit(cell)

    def leaveEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._point(None)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setFont(ui_font(active().type.small))
        grid = self._grid
        if grid is None or not grid.columns or not grid.rows:
            painter.setPen(colour("tx2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.nothing)
        else:
            self._paint_cells(painter, grid)
            self._paint_labels(painter, grid)
        painter.end()

    def _paint_cells(self, painter: QPainter, grid: HeatGrid) -> None:
        reach = grid.reach or 1.0
        for row in range(len(grid.rows)):
            for column in range(len(grid.columns)):
                cell = Cell(column, row)
                self._paint_cell(painter, grid, cell, self.place_of(cell), grid.at(cell) / reach)

    def _paint_cell(self, painter: QPainter, grid: HeatGrid, cell: Cell, place: QRectF, part: float) -> None:
        if math.isnan(part):
            painter.fillRect(place, tint("line", 0.35))
        else:
            painter.fillRect(place, tint("ok" if part >= 0 else "bad", _STRONGEST * abs(part)))
        figure, dot = self.inside(cell, QFontMetricsF(painter.font()))
        if not figure.isEmpty():
            painter.setPen(colour("tx0"))
            painter.drawText(figure, Qt.AlignmentFlag.AlignCenter, _figure(grid, cell))
        if not dot.isEmpty():
            _paint_dot(painter, dot)
        if cell in (grid.best, self._at):
            painter.setPen(colour("accent" if cell == self._at else "tx0"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))

    def inside(self, cell: Cell, metrics: QFontMetricsF) -> tuple[QRectF, QRectF]:
        """Where in a place its figure and the dot of what is traded now stand: one beside the other, or above it, or
        the dot alone. Each is empty where it is not there.
        """
        grid, place = self._grid, self.place_of(cell)
        if grid is None:
            return QRectF(), QRectF()
        wide = 0.0 if math.isnan(grid.at(cell)) else metrics.horizontalAdvance(_figure(grid, cell)) + 2
        high = metrics.capHeight() + 2
        fits = 0 < wide + 2 * _INSET <= place.width() and high + 2 * _ABOVE <= place.height()
        figure = QRectF(0, 0, wide, high) if wide and fits else QRectF()
        dot = QRectF(0, 0, _DOT, _DOT) if cell == grid.marked else QRectF()
        figure.moveCenter(place.center())
        dot.moveCenter(place.center())
        if figure.isEmpty() or dot.isEmpty():
            return figure, dot
        both = _DOT + _BESIDE + wide
        if both + 2 * _INSET <= place.width():
            dot.moveLeft(place.center().x() - both / 2)
            figure.moveLeft(dot.right() + _BESIDE)
        elif _DOT + 2 + high + 2 * _ABOVE <= place.height():
            dot.moveTop(place.center().y() - (_DOT + 2 + high) / 2)
            figure.moveTop(dot.bottom() + 2)
        else:
            figure = QRectF()
        return figure, dot

    def _paint_labels(self, painter: QPainter, grid: HeatGrid) -> None:
        painter.setPen(colour("tx2"))
        metrics = QFontMetricsF(painter.font())
        every = max(1, math.ceil(_widest(metrics, grid.columns) / self.place_of(Cell(0, 0)).width()))
        for column, text in list(enumerate(grid.columns))[::every]:
            place = self.place_of(Cell(column, len(grid.rows) - 1))
            box = QRectF(place.center().x() - 40, place.bottom() + 2, 80, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        every = max(1, math.ceil(13 / self.place_of(Cell(0, 0)).height()))
        for row, text in list(enumerate(grid.rows))[::every]:
            place = self.place_of(Cell(0, row))
            box = QRectF(0, place.center().y() - 7, _LEFT - 6, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        foot = QRectF(_LEFT, self.height() - 16, self.width() - _LEFT - _RIGHT, 14)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, _axes(grid))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{grid.figure}, {_range(grid)}")
        beside = max(metrics.horizontalAdvance(text) for text in (_axes(grid), f"{grid.figure}, {_range(grid)}"))
        self._paint_signs(painter, foot.adjusted(beside + 12, 0, -beside - 12, 0), grid.marked is not None)

    def _paint_signs(self, painter: QPainter, room: QRectF, dotted: bool) -> None:
        """What edge and dot mean, where there is room to say it."""
        metrics = QFontMetricsF(painter.font())
        best, now = (_DOT + 4 + metrics.horizontalAdvance(text) for text in ("best", "traded now"))
        wide = best + (12 + now if dotted else 0)
        if wide > room.width():
            return
        left, middle = room.center().x() - wide / 2, room.center().y()
        painter.drawRect(QRectF(round(left) + 0.5, round(middle - _DOT / 2) + 0.5, _DOT, _DOT))
        painter.drawText(room.adjusted(left - room.left() + _DOT + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "best")
        if dotted:
            left += best + 12
            area = room.adjusted(left - room.left() + _DOT + 4, 0, 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, "traded now")
            _paint_dot(painter, QRectF(left, middle - _DOT / 2, _DOT, _DOT))

    def _cell_at(self, point: QPointF) -> Cell | None:
        grid = self._grid
        if grid is None:
            return None
        first = self.place_of(Cell(0, 0))
        column = math.floor((point.x() - _LEFT) / (first.width() + _GAP))
        row = math.floor((point.y() - _TOP) / (first.height() + _GAP))
        inside = 0 <= column < len(grid.columns) and 0 <= row < len(grid.rows)
        return Cell(column, row) if inside else None

    def _step(self, grid: HeatGrid, across: int, down: int) -> None:
        now = self._at
        if now is None:
            self._point(grid.best or Cell(0, 0))
            return
        column = min(max(now.column + across, 0), len(grid.columns) - 1)
        self._point(Cell(column, min(max(now.row + down, 0), len(grid.rows) - 1)))

    def _point(self, cell: Cell | None) -> None:
        self._at = cell
        self._say()
        self.update()

    def _say(self) -> None:
        """For a screen reader: the place that is pointed at, else the best."""
        grid = self._grid
        if grid is None:
            self.setAccessibleName(self.nothing)
            return
        cell = self._at or grid.best
        by = " and ".join(filter(None, (grid.column_name, grid.row_name)))
        self.setAccessibleName(f"{grid.figure} by {by}")
        self.setAccessibleDescription(grid.told(cell) if cell is not None else "")


def _paint_dot(painter: QPainter, dot: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour("tx0"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(dot)
    painter.restore()


def _figure(grid: HeatGrid, cell: Cell) -> str:
    return f"{grid.at(cell):.2f}".replace("-", "−")


def _widest(metrics: QFontMetricsF, texts: tuple[str, ...]) -> float:
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0) + 6


def _axes(grid: HeatGrid) -> str:
    return f"→ {grid.column_name}" + (f"   ↓ {grid.row_name}" if grid.row_name else "")


def _range(grid: HeatGrid) -> str:
    known = [value for row in grid.values for value in row if not math.isnan(value)]
    return f"{min(known):.2f} to {max(known):.2f}".replace("-", "−") if known else "none"
