"""A bounded ring of log lines as a Qt model."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from widgets.theme import colour, tint

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
COLUMNS = ("Time", "Source", "Message", "Level")
_ROLES = {"DEBUG": "tx2", "INFO": "tx1", "WARNING": "warn", "ERROR": "bad", "CRITICAL": "bad"}
_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at` is the local clock time as it is shown; `level` one of LEVELS; `more` follows the first line."""

    at: str
    level: str
    source: str
    text: str
    more: str = ""

    @property
    def whole(self) -> str:
        """All that was said."""
        return f"{self.text}\n{self.more}" if self.more else self.text


class LogModel(QAbstractTableModel):
    """Keeps at most `capacity` lines; the oldest tenth goes at once, so that trimming is rare.

    A filter keeps all lines and shows those that pass.
    """

    def __init__(self, capacity: int = 10_000, *, newest_first: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if capacity < 10:
            raise ValueError(f"a log of {capacity} lines cannot be trimmed by tenths; use 10 or more")
        self.capacity, self.newest_first = capacity, newest_first
        self._chunk = capacity // 10
        self._all: deque[LogLine] = deque(maxlen=capacity)
        self._other: tuple[LogLine, ...] | None = None
        self._shown: list[LogLine] = []
        self._accepts: Callable[[LogLine], bool] | None = None

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add a batch: one insertion, and at most one removal of the oldest."""
        self._all.extend(lines)
        if self._other is not None:
            return
        passing = [line for line in lines if self._accepts is None or self._accepts(line)]
        passing = passing[-self.capacity :]
        if not passing:
            return
        self._trim(len(passing))
        self._insert(passing)

    def show_only(self, accepts: Callable[[LogLine], bool] | None) -> None:
        """Show the lines that `accepts` agrees to; all for None."""
        self.beginResetModel()
        self._accepts = accepts
        self._choose()
        self.endResetModel()

    def show_others(self, lines: Sequence[LogLine] | None) -> None:
        """Show other lines in place of these, such as those of a past moment; what comes meanwhile is kept.

        None brings them back.
        """
        self.beginResetModel()
        self._other = None if lines is None else tuple(lines)
        self._choose()
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        self._all.clear()
        self._shown.clear()
        self.endResetModel()

    @property
    def total(self) -> int:
        """All lines there are to be shown, also those that the filter hides."""
        return len(self._all if self._other is None else self._other)

    def line_at(self, row: int) -> LogLine:
        return self._shown[len(self._shown) - 1 - row if self.newest_first else row]

    def rowCount(self, parent: QModelIndex = _NONE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = _NONE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        line = self.line_at(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (line.at, line.source, _in_one_row(line), line.level.capitalize())[index.column()]
            case Qt.ItemDataRole.ForegroundRole:
                return colour(_ROLES.get(line.level, "tx1"))
            case Qt.ItemDataRole.BackgroundRole:
                return tint("bad", 0.14) if line.level in ("ERROR", "CRITICAL") else None
            case Qt.ItemDataRole.ToolTipRole:
                return f"{line.level} {line.whole}" if index.column() == 2 else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.level.lower()}, {line.source}: {line.text}"
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
        return None

    def _choose(self) -> None:
        lines = self._all if self._other is None else self._other
        self._shown = [line for line in lines if self._accepts is None or self._accepts(line)]

    def _trim(self, coming: int) -> None:
        excess = len(self._shown) + coming - self.capacity
        if excess <= 0:
            return
        count = min(len(self._shown), max(excess, self._chunk))
        first = len(self._shown) - count if self.newest_first else 0
        self.beginRemoveRows(_NONE, first, first + count - 1)
        del self._shown[:count]
        self.endRemoveRows()

    def _insert(self, lines: list[LogLine]) -> None:
        first = 0 if self.newest_first else len(self._shown)
        self.beginInsertRows(_NONE, first, first + len(lines) - 1)
        self._shown.extend(lines)
        self.endInsertRows()


def _in_one_row(line: LogLine) -> str:
    return f"{line.text}  ⏎ {line.more.count(chr(10)) + 1} more" if line.more else line.text
