"""What the log is narrowed down by: level, process and words."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from widgets.parts.controls.chip import Chip
from widgets.parts.controls.filters import Choices, Dropdown, SearchField
from widgets.parts.text.labels import text_label

_LEVELS = (("DEBUG", "All levels"), ("INFO", "Info and up"), ("WARNING", "Warnings"), ("ERROR", "Errors"))


class LogBar(QWidget):
    """The page's title, the level, the process, the search, and whether the newest line is followed."""

    level_chosen = pyqtSignal(str)
    process_chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.levels = Choices("Level", _LEVELS, self)
        self.processes = Dropdown("Process", "All processes", self)
        self.search = SearchField("Search lines", parent=self)
        self.follow = Chip("Follow", pressable=True, parent=self)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setToolTip("Stay with the newest line (End); scrolling up pauses it")
        self.levels.chosen.connect(self.level_chosen)
        self.processes.activated.connect(lambda _place: self.process_chosen.emit(self.processes.chosen))
        self._lay_out()

    @property
    def level(self) -> str:
        return self.levels.current

    def widen(self) -> None:
        """Every level, every process, no words."""
        self.levels.choose("DEBUG")
        self.processes.choose("")
        self.search.clear()

    def show_following(self, following: bool) -> None:
        self.follow.setChecked(following)
        self.follow.show_text("Following" if following else "Follow")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(text_label("Logs", size="title"))
        row.addSpacing(6)
        row.addWidget(self.levels)
        row.addWidget(self.follow)
        row.addStretch(1)
        row.addWidget(self.processes)
        row.addWidget(self.search)
        self.show_following(True)
