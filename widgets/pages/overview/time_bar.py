"""The slim bar to go back in time with."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from widgets.pages.overview.time_track import TimeTrack
from widgets.parts.text.labels import text_label
from widgets.parts.text.times import clock_time, full_time
from widgets.states.marks import TimeLine


class TimeBar(QWidget):
    """Says which moment is shown, and brings the window to another one; the frame has the way back to now."""

    moment_wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.track = TimeTrack(self)
        self.begin, self.told = text_label("", "hint", "label"), text_label("Now", "hint", "label")
        self._line: TimeLine | None = None
        self._live = True
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.begin)
        row.addWidget(self.track, 1)
        row.addWidget(self.told)
        self.setFixedHeight(26)
        self.track.wanted.connect(self.moment_wanted)

    def show_time(self, line: TimeLine, *, live: bool) -> None:
        """Of a live state the whole line; of a past one only its moment, on the line that was known last."""
        if live and self._line is not None and self._as_good(line):
            return
        if live or self._line is None:
            self._line = line
        self._live = live
        moment: datetime | None = None if live else line.end
        self.track.show_line(self._line, moment)
        self.begin.setText(clock_time(self._line.begin, self._line.end))
        self.begin.setToolTip(full_time(self._line.begin))
        self.told.setText("Now" if moment is None else f"As of {clock_time(moment, self._line.end)}")
        self.told.setToolTip(full_time(line.end))

    def _as_good(self, line: TimeLine) -> bool:
        """Whether the line that is shown tells the same within a second: the hand does not creep by pixels' parts."""
        shown = self._line
        same = shown is not None and shown.marks == line.marks and self._live
        return same and shown is not None and abs((line.end - shown.end).total_seconds()) < 1
