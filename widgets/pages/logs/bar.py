"""What the log is narrowed down by: level, process and words."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from widgets.parts.chip import Chip
from widgets.parts.filters import Choices, SearchField
from widgets.parts.labels import text_label

ALL = "All processes"
_LEVELS = (("DEBUG", "All levels"), ("INFO", "Info and up"), ("WARNING", "Warnings"), ("ERROR", "Errors"))


class LogBar(QWidget):
    """The page's title, the level, the process, the search, and whether the newest line is followed."""

    level_chosen = pyqtSignal(str)
    process_chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: frozenset[str] = frozenset()
        self.levels = Choices("Level", _LEVELS, self)
        self.processes = QComboBox(self)
        self.processes.setAccessibleName("Process")
        self.processes.setMinimumWidth(190)
        self.processes.addItem(ALL, "")
        self.search = SearchField("Search lines", parent=self)
        self.follow = Chip("Follow", pressable=True, parent=self)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setToolTip("Stay with the newest line (End); scrolling up pauses it")
        self.levels.chosen.connect(self.level_chosen)
        self.processes.activated.connect(lambda _place: self.process_chosen.emit(self.process))
        self._lay_out()

    @property
    def level(self) -> str:
        return self.levels.current

    @property
    def process(self) -> str:
        """The chosen process; empty for all."""
        return str(self.processes.currentData() or "")

    def choose_process(self, name: str) -> None:
        """Choose a process, also one that has said nothing yet."""
        if name and self.processes.findData(name) < 0:
            self.show_processes(self._known | {name})
        self.processes.setCurrentIndex(max(0, self.processes.findData(name)))

    def show_processes(self, names: frozenset[str]) -> None:
        """Offer these besides the one that is chosen; the same ones cost nothing."""
        wanted = names | ({self.process} if self.process else frozenset())
        if wanted == self._known:
            return
        self._known = wanted
        chosen = self.process
        self.processes.clear()
        self.processes.addItem(ALL, "")
        for name in sorted(wanted, key=str.casefold):
            self.processes.addItem(name, name)
        self.processes.setCurrentIndex(max(0, self.processes.findData(chosen)))

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
