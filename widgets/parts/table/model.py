"""Frozen rows as a Qt model: a new tuple of rows becomes the fewest signals that tell the difference."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Generic

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from widgets.parts.table.cells import Cell, Column, Row

CELL_ROLE = Qt.ItemDataRole.UserRole
_NONE = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows are recognised by `key`. Sorting and filtering happen here, so selection survives both."""

    def __init__(
        self, columns: Sequence[Column[Row]], key: Callable[[Row], Hashable], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._alignments = tuple(_alignment(column) for column in self.columns)
        self._key = key
        self._all: tuple[Row, ...] = ()
        self._shown: list[Row] = []
        self._cells: dict[Hashable, tuple[Cell, ...]] = {}
        self._needle = ""
        self._accepts: Callable[[Row], bool] | None = None
        self._sorted_by: tuple[int, bool] | None = None

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Make these the rows. Raises ValueError if two of them have the same key."""
        keys = [self._key(row) for row in rows]
        if len(set(keys)) != len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ValueError(f"two rows have the key {twice!r}; a key must name one row")
        self._all = rows
        self._arrange()

    def show_only(self, needle: str, accepts: Callable[[Row], bool] | None = None) -> None:
        """Keep the rows that have `needle` in a cell and that `accepts`, if it is given, agrees to."""
        self._needle, self._accepts = needle.casefold().strip(), accepts
        self._arrange()

    @property
    def total(self) -> int:
        """All rows, also those that the filter hides."""
        return len(self._all)

    def row_at(self, index: QModelIndex) -> Row | None:
        return self._shown[index.row()] if index.isValid() and index.row() < len(self._shown) else None

    def key_at(self, index: QModelIndex) -> Hashable | None:
        row = self.row_at(index)
        return None if row is None else self._key(row)

    def index_of(self, key: Hashable) -> QModelIndex:
        """Where the row with this key is shown; invalid if it is not."""
        for place, row in enumerate(self._shown):
            if self._key(row) == key:
                return self.index(place, 0)
        return QModelIndex()

    def cell(self, index: QModelIndex) -> Cell:
        return self._cells_of(self._shown[index.row()])[index.column()]

    # What Qt asks

    def rowCount(self, parent: QModelIndex = _NONE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = _NONE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        cell = self.cell(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.ToolTipRole:
                return cell.tip or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(index, cell)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(index.column())
        return cell if role == CELL_ROLE else None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(section)
        return (self.columns[section].tip or None) if role == Qt.ItemDataRole.ToolTipRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 gives the order in which the rows came."""
        descending = order is Qt.SortOrder.DescendingOrder
        self._sorted_by = (column, descending) if 0 <= column < len(self.columns) else None
        self._arrange()

    # From one state to the next

    def _arrange(self) -> None:
        wanted = self._wanted()
        keys = {self._key(row) for row in wanted}
        self._remove_others(keys)
        self._reorder(wanted)
        self._insert_new(wanted)
        self._change(wanted)

    def _wanted(self) -> list[Row]:
        rows = [row for row in self._all if self._passes(row)]
        if self._sorted_by:
            column, descending = self._sorted_by
            rows.sort(key=self.columns[column].sort_value, reverse=descending)
        return rows

    def _passes(self, row: Row) -> bool:
        if self._accepts and not self._accepts(row):
            return False
        if not self._needle:
            return True
        return any(self._needle in column.cell(row).text.casefold() for column in self.columns)

    def _remove_others(self, keys: set[Hashable]) -> None:
        gone = [place for place, row in enumerate(self._shown) if self._key(row) not in keys]
        for first, last in reversed(list(_runs(gone))):
            self.beginRemoveRows(_NONE, first, last)
            for row in self._shown[first : last + 1]:
                self._cells.pop(self._key(row), None)
            del self._shown[first : last + 1]
            self.endRemoveRows()

    def _reorder(self, wanted: list[Row]) -> None:
        here = {self._key(row): row for row in self._shown}
        order = [here[self._key(row)] for row in wanted if self._key(row) in here]
        if all(one is other for one, other in zip(order, self._shown, strict=True)):
            return
        self.layoutAboutToBeChanged.emit()
        places = {self._key(row): place for place, row in enumerate(order)}
        before = self.persistentIndexList()
        after = [self.index(places[self._key(self._shown[old.row()])], old.column()) for old in before]
        self._shown = order
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert_new(self, wanted: list[Row]) -> None:
        here = {self._key(row) for row in self._shown}
        new = [place for place, row in enumerate(wanted) if self._key(row) not in here]
        for first, last in _runs(new):
            self.beginInsertRows(_NONE, first, last)
            self._shown[first:first] = wanted[first : last + 1]
            self.endInsertRows()

    def _change(self, wanted: list[Row]) -> None:
        for place, row in enumerate(wanted):
            old = self._shown[place]
            if old is row:
                continue
            self._shown[place] = row
            if old != row:
                self._tell_changed(place, self._cells.pop(self._key(row), None), row)

    def _tell_changed(self, place: int, before: tuple[Cell, ...] | None, row: Row) -> None:
        if before is None:  # nobody has asked for its cells, so nobody shows them
            return
        pairs = enumerate(zip(before, self._cells_of(row), strict=True))
        for first, last in _runs([column for column, (old, new) in pairs if old != new]):
            self.dataChanged.emit(self.index(place, first), self.index(place, last))

    def _cells_of(self, row: Row) -> tuple[Cell, ...]:
        key = self._key(row)
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = tuple(column.cell(row) for column in self.columns)
        return cells

    def _spoken(self, index: QModelIndex, cell: Cell) -> str:
        said = [cell.status.word] if cell.status else []
        said += [cell.text] if cell.text else []
        said += [action.label or action.tip for action in cell.actions]
        return f"{self.columns[index.column()].title}: {', '.join(said)}"

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Where a column's words stand."""
        return self._alignments[column]


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Rising numbers as runs of neighbours: 1 2 3 7 gives (1, 3) and (7, 7)."""
    first = previous = None
    for place in places:
        if previous is not None and place != previous + 1 and first is not None:
            yield first, previous
            first = place
        first = place if first is None else first
        previous = place
    if first is not None and previous is not None:
        yield first, previous
