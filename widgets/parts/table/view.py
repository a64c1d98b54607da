"""The table itself: rows of one height, keys for everything the mouse can do."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from PyQt6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from widgets.parts.controls.focus_edge import paint_focus
from widgets.parts.controls.row_keys import goes_to_an_end
from widgets.parts.table.cells import CellAction
from widgets.parts.table.delegate import CellDelegate, action_at, action_places
from widgets.parts.table.fitting import fitted
from widgets.parts.table.model import RowsModel
from widgets.theme import active, colour, ui_font

ROW_HEIGHT, DENSE_ROW_HEIGHT, HEADER_HEIGHT = 32, 26, 28


class Table(QTableView):
    """Shows a RowsModel.

    Home and End go to the first and the last row, Space does a row's first action, Menu or Shift+F10 offers all of
    them, Enter opens the row, Ctrl+C copies the selected rows. A click on a header sorts; a third one gives
    back the order they came in.
    """

    acted = pyqtSignal(str, object)  # the action's id, the row's key
    opened = pyqtSignal(object)  # the row's key
    selected = pyqtSignal(object)  # the key of the row now current, or None

    def __init__(self, model: RowsModel[Any], *, name: str, dense: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.nothing = "Nothing here yet"
        self.setAccessibleName(name)
        self._delegate = CellDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._set_up(DENSE_ROW_HEIGHT if dense else ROW_HEIGHT)
        self._wanted = [column.width for column in model.columns]
        self._fitting = False
        self._set_up_header()
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.key_at(index)))

    @property
    def current_key(self) -> Hashable | None:
        """The key of the row the keyboard is on."""
        return self.rows.key_at(self.currentIndex())

    def select_key(self, key: Hashable) -> None:
        """Put the keyboard on the row with this key, if it is shown."""
        index = self.rows.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)

    def copy(self) -> None:
        """The selected rows as tab-separated text on the clipboard."""
        selection, clipboard = self.selectionModel(), QGuiApplication.clipboard()
        if selection is None or clipboard is None:
            return
        lines = [self._line(index.row()) for index in selection.selectedRows()]
        clipboard.setText("\n".join(lines))

    # What is done with keys

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is None or not self._obeys(event):
            super().keyPressEvent(event)

    def _obeys(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return True
        if goes_to_an_end(self, event):
            return True
        index = self.currentIndex()
        if not index.isValid():
            return False
        match event.key():
            case Qt.Key.Key_Space:
                return self._act_first(index.row())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit(self.rows.key_at(index))
                return True
        return False

    def _act_first(self, row: int) -> bool:
        actions = self._actions(row)
        if actions:
            self._act(row, actions[0])
        return bool(actions)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:  # noqa: N802
        viewport = self.viewport()
        if event is None or viewport is None:
            return
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if index.isValid():
            corner = self.visualRect(index).bottomLeft() if by_keyboard else event.pos()
            self.row_menu(index.row()).popup(viewport.mapToGlobal(corner))

    def row_menu(self, row: int) -> QMenu:
        """All that can be done with a row, to be popped up; it deletes itself when closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._actions(row):
            entry = menu.addAction(action.label or action.tip)
            if entry is not None:
                entry.triggered.connect(lambda _checked, chosen=action: self._act(row, chosen))
        menu.addSeparator()
        copy = menu.addAction("Copy row")
        if copy is not None:
            copy.triggered.connect(self.copy)
        return menu

    # What is done with the mouse

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        if event is not None:
            self._hover(event.position().toPoint())

    def leaveEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._hover(QPoint(-1, -1))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        if event is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        found = self._button_at(event.position().toPoint())
        if found:
            self._act(*found)

    def button_place(self, row: int, action_id: str) -> QRect:
        """Where in the viewport a row's button is; an empty rectangle if the row has no such button."""
        for column in range(len(self.rows.columns)):
            index = self.rows.index(row, column)
            for action, place in action_places(self.rows.cell(index), self.visualRect(index)):
                if action.id == action_id:
                    return place
        return QRect()

    def _hover(self, point: QPoint) -> None:
        found = self._button_at(point)
        hovered = (found[0], found[1].id) if found else None
        if hovered == self._delegate.hovered:
            return
        self._delegate.hovered = hovered
        viewport = self.viewport()
        if viewport is not None:
            viewport.setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
            viewport.update()

    def _button_at(self, point: QPoint) -> tuple[int, CellAction] | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        action = action_at(self.rows.cell(index), self.visualRect(index), point)
        return (index.row(), action) if action else None

    def _act(self, row: int, action: CellAction) -> None:
        self.acted.emit(action.id, self.rows.key_at(self.rows.index(row, 0)))

    def _actions(self, row: int) -> tuple[CellAction, ...]:
        cells = (self.rows.cell(self.rows.index(row, column)) for column in range(len(self.rows.columns)))
        return tuple(action for cell in cells for action in cell.actions)

    def _line(self, row: int) -> str:
        cells = (self.rows.cell(self.rows.index(row, column)) for column in range(len(self.rows.columns)))
        return "\t".join(cell.text for cell in cells)

    # How it looks

    def sizeHint(self) -> QSize:  # noqa: N802
        """Asks for little: it takes what is over, and scrolls."""
        return QSize(256, HEADER_HEIGHT + 2 * ROW_HEIGHT)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Columns leave and shrink so that there is nothing to scroll sideways, and come back as they were."""
        viewport, columns = self.viewport(), self.rows.columns
        if viewport is None:
            return
        self._fitting = True
        for place, column in enumerate(columns):
            if column.leaves_below:
                self.setColumnHidden(place, self.width() < column.leaves_below)
        shown = [place for place in range(len(columns)) if not self.isColumnHidden(place)]
        least = [columns[place].least or self._wanted[place] for place in shown]
        widths = fitted([self._wanted[place] for place in shown], least, viewport.width())
        for place, width in zip(shown, widths, strict=True):
            if not columns[place].stretch and self.columnWidth(place) != width:
                self.setColumnWidth(place, width)
        self._fitting = False

    def _section_resized(self, place: int, _before: int, now: int) -> None:
        """Someone dragged a column, or gave it another width: that is what it wants from now on."""
        if not self._fitting and now and not self.rows.columns[place].stretch:
            self._wanted[place] = now

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self.selected.emit(self.rows.key_at(current))

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        if self.rows.rowCount() == 0:
            self._paint_nothing()
        if self.hasFocus() and not self.currentIndex().isValid():
            paint_focus(self)

    def _paint_nothing(self) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(ui_font(active().type.label))
        painter.setPen(colour("tx2"))
        text = "No row matches the filter" if self.rows.total else self.nothing
        viewport = self.viewport()
        if viewport is not None:
            painter.drawText(viewport.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _set_up(self, row_height: int) -> None:
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        if rows is not None:
            rows.hide()
            rows.setMinimumSectionSize(row_height)
            rows.setDefaultSectionSize(row_height)
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        if header is None:
            return
        header.setFixedHeight(HEADER_HEIGHT)
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        for place, column in enumerate(self.rows.columns):
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(place, mode)
            header.resizeSection(place, column.width)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.sectionResized.connect(self._section_resized)
