"""The Logs page."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from PyQt6.QtCore import QItemSelection, QModelIndex, Qt, QTimer
from PyQt6.QtGui import QKeyEvent, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from services.core.logs.line import LogLine as CoreLine
from services.core.projections.views import View
from widgets.actions import ActionEntry
from widgets.pages.logs.bar import LogBar
from widgets.pages.logs.detail import LineDetail
from widgets.pages.page import Page
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.log import LogLine, LogModel, LogView
from widgets.parts.log.lines import LogFilter, ShownLine, dropped, shown
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.split import Split

KEPT = 10_000
_WIDEN = Offer("widen", "Show every line", tip="Of every level and process, with any words")
_PROCESSES = Offer("processes", "Open Processes", tip="Add one, or start one")


class LogsPage(Page):
    """Takes lines at any time; while hidden it only keeps them, and shows them when it is seen."""

    ACTIONS = (
        ActionEntry("logs.search", "Search the log", shortcut="Ctrl+F", group="Logs", scope="logs"),
        ActionEntry("logs.follow", "Follow the newest line", shortcut="End", group="Logs", scope="logs"),
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = LogFilter()
        self._backlog: deque[ShownLine] = deque(maxlen=KEPT)
        self._names: frozenset[str] = frozenset()  # whose lines have come
        self._unseen = 0
        self._past = False
        self.bar = LogBar(self)
        self.log = LogView(LogModel(KEPT), self, levels=True, source_width=170)
        self.detail = LineDetail(self)
        self.newer = ActionButton("", "primary", icon_name="chevron_down", dense=True, parent=self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._narrow)
        self._lay_out()
        self._wire()
        self._show_face()

    # What the runtime tells

    def add_log_lines(self, lines: tuple[CoreLine, ...]) -> None:
        """Take a batch from the live log."""
        self._take([shown(line) for line in lines])

    def note_dropped(self, count: int, at: datetime) -> None:
        """Say in its place that lines never reached the window."""
        self._take([dropped(count, at)])

    def show_past_log(self, lines: tuple[CoreLine, ...] | None) -> None:
        """The newest lines up to a past moment, oldest first, in place of now's; None for now's."""
        if lines is None and not self._past:
            return
        self._past = lines is not None
        self.log.log.show_others(None if lines is None else tuple(shown(line) for line in lines))
        if lines is not None:
            self._names |= {line.process for line in lines}
            self.bar.processes.offer(self._names)
        self._card.show_title("Log until then" if self._past else "Live log")
        self.detail.hide()
        self.follow()
        self._show_face()
        self._count()

    def refresh(self, view: View) -> None:
        """Lines come by `add_log_lines` and `show_past_log`, not by a view."""

    def select(self, what: str) -> None:
        """Show the lines of one process; all for an empty name."""
        self.bar.processes.choose(what)
        self._narrow()

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        match action_id:
            case "logs.search":
                self.bar.search.setFocus()
            case "logs.follow":
                self.follow()

    # What a person does

    @property
    def unseen(self) -> int:
        """Lines that came while the page was scrolled away from the newest."""
        return self._unseen

    def follow(self) -> None:
        """Go to the newest line and stay with it."""
        self.log.scrollToBottom()
        self._look()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape and self.detail.isVisible():
            self._close_detail()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if event is not None and not event.spontaneous():
            self.log.setFocus()  # so that the page's keys count at once
        waiting = tuple(self._backlog)
        self._backlog.clear()
        self._append(waiting)

    # From lines to the list

    def _take(self, lines: list[ShownLine]) -> None:
        if self.isVisible():
            self._append(tuple(lines))
        else:
            self._backlog.extend(lines)

    def _append(self, lines: tuple[ShownLine, ...]) -> None:
        if not lines:
            return
        following = self.log.following
        before = self.log.log.rowCount()
        self.log.show_lines(lines)
        self._names |= {line.source for line in lines}
        self.bar.processes.offer(self._names)
        if not following and not self._past:
            accepts = self._filter.accepts
            self._unseen += sum(1 for line in lines if accepts(line))
            self._show_unseen()
        if before == 0:
            self._show_face()
        self._count()

    def _narrow(self) -> None:
        wanted = LogFilter(self.bar.level, self.bar.processes.chosen, self.bar.search.text())
        if wanted == self._filter:
            return
        self._filter = wanted
        open_line = self.detail.line if self.detail.isVisible() else None
        self.log.log.show_only(wanted.accepts if wanted.narrows else None)
        self.follow()
        if open_line is not None:
            self._select_line(open_line)
        self._show_face()
        self._count()

    def _select_line(self, line: LogLine) -> None:
        model = self.log.log
        for row in range(model.rowCount()):
            if model.line_at(row) is line:
                self.log.selectRow(row)
                self.log.scrollTo(model.index(row, 0))
                return

    # What is around the list

    def _show_face(self) -> None:
        if self.log.log.rowCount():
            self._faces.show_content()
        elif kept := self.log.log.total:
            told = "1 line is kept" if kept == 1 else f"{kept:,} lines are kept"
            self._faces.show_empty("No line passes the filter", f"{told}; widen the filter.", (_WIDEN,))
        elif self._past:
            self._faces.show_empty("No line of then", "The log's files do not reach back to this moment.")
        else:
            self._faces.show_empty("No line yet", "What processes say stands here as they work.", (_PROCESSES,))

    def _count(self) -> None:
        passing, kept = self.log.log.rowCount(), self.log.log.total
        lines = "line" if kept == 1 else "lines"
        self._card.show_note(f"{passing:,} of {kept:,} {lines}" if self._filter.narrows else f"{kept:,} {lines}")

    def _look(self) -> None:
        if self.log.following:
            self._unseen = 0
        self._show_unseen()
        self.bar.show_following(self.log.following)

    def _show_unseen(self) -> None:
        plural = "line" if self._unseen == 1 else "lines"
        self.newer.show_label(f"{self._unseen:,} new {plural}", "chevron_down", "Go to the newest line (End)")
        self.newer.setVisible(self._unseen > 0)

    def _open(self, current: QModelIndex) -> None:
        if not current.isValid():
            return
        line = self.log.log.line_at(current.row())
        if isinstance(line, ShownLine):
            self.detail.show_line(line)
            self.detail.show()

    def _open_selected(self, selected: QItemSelection, _before: QItemSelection) -> None:
        """What someone chose: Qt makes the first row current, but selects none, as soon as the list has the focus."""
        chosen = selected.indexes()
        if chosen:
            self._open(chosen[0])

    def _take_offer(self, offer: str) -> None:
        """Let every line pass again, or go where lines come from."""
        if offer != _WIDEN.id:
            self.go_to.emit(offer, "")
            return
        self.bar.widen()
        self._narrow()
        self.log.setFocus()

    def _close_detail(self) -> None:
        self.detail.hide()
        self.log.setFocus()

    def _wire(self) -> None:
        bar, selection = self.log.verticalScrollBar(), self.log.selectionModel()
        if bar is not None:
            bar.valueChanged.connect(lambda _value: self._look())
        if selection is not None:
            selection.selectionChanged.connect(self._open_selected)
        self.log.clicked.connect(self._open)
        self.bar.level_chosen.connect(lambda _level: self._narrow())
        self.bar.process_chosen.connect(lambda _process: self._narrow())
        self.bar.search.textChanged.connect(lambda _text: self._settle.start(120))
        self.bar.search.leads_to(self.log, self._narrow)
        self.bar.follow.clicked.connect(lambda _checked: self.follow())
        self.newer.clicked.connect(lambda _checked: self.follow())
        self._faces.chosen.connect(self._take_offer)
        self.detail.closed.connect(self._close_detail)
        self.detail.process.connect(lambda name: self.go_to.emit("processes", name))

    def _lay_out(self) -> None:
        self._card = Card("Live log", parent=self)
        self._faces = Faces(self.log)
        self._card.add_to_header(self.newer)
        self._card.add_padded(self._faces, 1)
        self.newer.hide()
        self.detail.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.bar)
        column.addWidget(Split("logs", Qt.Orientation.Vertical).fill((self._card, 2), (self.detail, 1)), 1)
