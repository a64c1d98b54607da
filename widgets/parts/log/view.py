"""The log on screen: one row height, follows the newest line until someone scrolls away."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.parts.log.model import LEVELS, LogLine, LogModel
from widgets.theme import code_font

_ROW_HEIGHT = 20


class LogView(QTableView):
    """`show_lines` takes a batch; `filter` by level and by a text in source or message."""

    def __init__(self, model: LogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = model
        self.setProperty("part", "log")
        self.setAccessibleName("Log")
        self.setModel(model)
        self.setFont(code_font())
        self._set_up()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._follow)

    @property
    def following(self) -> bool:
        """True while the newest line is in sight, so that it stays so."""
        bar = self.verticalScrollBar()
        if bar is None:
            return True
        return bar.value() <= bar.minimum() if self.log.newest_first else bar.value() >= bar.maximum() - 2

    def show_lines(self, lines: tuple[LogLine, ...]) -> None:
        follow = self.following
        self.log.append(lines)
        # Scrolling at once would lay out the rows of every batch; once a pass of the loop is enough.
        if follow and not self._settling.isActive():
            self._settling.start(0)

    def filter(self, level: str = "DEBUG", needle: str = "") -> None:
        """Show lines of `level` and graver that have `needle`. Raises ValueError for an unknown level."""
        least, text = LEVELS.index(level), needle.casefold().strip()
        wanted = frozenset(LEVELS[least:])

        def accepts(line: LogLine) -> bool:
            return line.level in wanted and text in f"{line.source} {line.text}".casefold()

        self.log.show_only(accepts if least or text else None)
        self._follow()

    def copy(self) -> None:
        """The selected lines, whole, on the clipboard."""
        selection, clipboard = self.selectionModel(), QGuiApplication.clipboard()
        if selection is None or clipboard is None:
            return
        rows = sorted(index.row() for index in selection.selectedRows())
        lines = (self.log.line_at(row) for row in rows)
        clipboard.setText("\n".join(f"{line.at} {line.level} {line.source} {line.text}" for line in lines))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _follow(self) -> None:
        if self.log.newest_first:
            self.scrollToTop()
        else:
            self.scrollToBottom()

    def _set_up(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        if rows is not None:
            rows.hide()
            rows.setMinimumSectionSize(_ROW_HEIGHT)
            rows.setDefaultSectionSize(_ROW_HEIGHT)
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        if columns is not None:
            columns.hide()
            columns.resizeSection(0, 72)
            columns.resizeSection(1, 76)
            columns.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
