"""The log at the corner of the eye: live or up to a past moment, newest first, all of it or the errors."""

from __future__ import annotations

from collections import deque

from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QWidget

from services.core.logs.line import LogLine
from widgets.parts.controls.chip import Chip
from widgets.parts.log import LogModel, LogView
from widgets.parts.log.lines import shown
from widgets.parts.panels.card import Card

_KEPT = 2_000
_NO_SOURCE_BELOW = 320  # px: what was said matters more than who said it
_NOTHING = "What processes say stands here"
_BAD = ("ERROR", "CRITICAL")


class LogCard(Card):
    """Takes lines at any rate; while it is hidden they only wait."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Live log", parent=parent)
        self.view = LogView(LogModel(_KEPT, newest_first=True))
        self.view.setAccessibleName("Live log")
        self.view.nothing = _NOTHING
        self.errors = Chip("Errors 0", dense=True, pressable=True)
        self.all = Chip("All", dense=True, pressable=True)
        self._waiting: deque[LogLine] = deque(maxlen=_KEPT)
        self._count = 0
        self._count_then = 0
        self._live = True
        for chip in (self.errors, self.all):
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            self.add_to_header(chip)
        self.all.setChecked(True)
        self.errors.setToolTip("Errors alone")
        self.all.setToolTip("Everything that is logged")
        self.errors.toggled.connect(lambda only: self.view.filter("ERROR" if only else "DEBUG"))
        columns = self.view.horizontalHeader()
        if columns is not None:
            columns.resizeSection(1, 96)
        self.add_padded(self.view, 1)

    def add_lines(self, lines: tuple[LogLine, ...]) -> None:
        self._waiting.extend(lines)
        if self.isVisible():
            self._show()

    def show_past(self, lines: tuple[LogLine, ...] | None) -> None:
        """What was logged up to a past moment, in place of what is logged now; None for now again."""
        self._live = lines is None
        self._count_then = sum(1 for line in lines or () if line.level in _BAD)
        self.view.log.show_others(None if lines is None else tuple(shown(line) for line in lines))
        self.view.scrollToTop()
        self.show_title("Live log" if self._live else "Log until then")
        self.view.nothing = _NOTHING if self._live else "No line of then is kept"
        self._show_count()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        self._show()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.view.setColumnHidden(1, self.width() < _NO_SOURCE_BELOW)

    def _show(self) -> None:
        if not self._waiting:
            return
        lines, self._waiting = tuple(self._waiting), deque(maxlen=_KEPT)
        self.view.show_lines(tuple(shown(line) for line in lines))
        bad = sum(1 for line in lines if line.level in _BAD)
        if bad:
            self._count += bad
            self._show_count()

    def _show_count(self) -> None:
        self.errors.show_text(f"Errors {self._count if self._live else self._count_then:,}")
