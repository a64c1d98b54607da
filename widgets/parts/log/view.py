"""The log on screen: one row height, follows the newest line until someone scrolls away."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, Qt, QTimer
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.parts.controls.focus_edge import paint_focus
from widgets.parts.controls.row_keys import goes_to_an_end
from widgets.parts.log.model import LEVELS, LogLine, LogModel
from widgets.theme import active, code_font, colour, ui_font

_ROW_HEIGHT = 20


class LogView(QTableView):
    """`show_lines` takes a batch; `filter` by level and by a text in source or message."""

    def __init__(
        self, model: LogModel, parent: QWidget | None = None, *, levels: bool = False, source_width: int = 76
    ) -> None:
        super().__init__(parent)
        self.log = model
        self.nothing = ""
        """What stands there while no line does."""
        self.setProperty("part", "log")
        self.setAccessibleName("Log")
        self.setModel(model)
        self.setFont(code_font())
        self._set_up()
        self._set_up_columns(levels, source_width)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._follow)
        model.rowsRemoved.connect(self._keep_place)

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
            return line.level in wanted and text in f"{line.source} {line.whole}".casefold()

        self.log.show_only(accepts if least or text else None)
        self._follow()

    def copy(self) -> None:
        """The selected lines, whole, on the clipboard."""
        selection, clipboard = self.selectionModel(), QGuiApplication.clipboard()
        if selection is None or clipboard is None:
            return
        rows = sorted(index.row() for index in selection.selectedRows())
        lines = (self.log.line_at(row) for row in rows)
        clipboard.setText("\n".join(f"{line.at} {line.level} {line.source} {line.whole}" for line in lines))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event is None or not goes_to_an_end(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        if self.nothing and not self.log.rowCount():
            self._paint_nothing()
        if self.hasFocus():
            paint_focus(self)

    def _paint_nothing(self) -> None:
        viewport = self.viewport()
        if viewport is None:
            return
        painter = QPainter(viewport)
        painter.setFont(ui_font(active().type.label))
        painter.setPen(colour("tx2"))
        painter.drawText(viewport.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.nothing)
        painter.end()

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
        rows = self.verticalHeader()
        if rows is not None:
            rows.hide()
            rows.setMinimumSectionSize(_ROW_HEIGHT)
            rows.setDefaultSectionSize(_ROW_HEIGHT)
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_up_columns(self, levels: bool, source_width: int) -> None:
        columns = self.horizontalHeader()
        if columns is not None:
            columns.hide()
            columns.resizeSection(0, 72)
            columns.resizeSection(1, source_width)
            columns.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
            columns.moveSection(3, 1)  # the level stands after the time where it is shown
            columns.resizeSection(3, 76)
            columns.setSectionHidden(3, not levels)

    def _keep_place(self, _parent: QModelIndex, first: int, last: int) -> None:
        """What someone reads stays under their eyes while the oldest lines go."""
        bar = self.verticalScrollBar()
        if bar is not None and not self.following and not self.log.newest_first:
            bar.setValue(bar.value() - (last - first + 1) * _ROW_HEIGHT)
