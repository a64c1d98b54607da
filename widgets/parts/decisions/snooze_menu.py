"""Until when something is put off: a small menu, of which Enter takes the first."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from services.core.decisions.moments import Moment, moments
from widgets.parts.text.times import clock_time, full_time


class SnoozeMenu(QMenu):
    """``chosen`` says the moment (UTC) at which it is to come back."""

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Put off until", parent)
        self.setAccessibleName("Put off until")
        self.setToolTipsVisible(True)

    def offer(self, now: datetime, expires: datetime | None, at: QPoint) -> None:
        """Pop up at a place of the screen. What comes after ``expires`` is grey and says so."""
        self.clear()
        actions = [self._action(moment, now, expires) for moment in moments(now)]
        self.popup(at)
        self.setActiveAction(next((action for action in actions if action.isEnabled()), None))

    def _action(self, moment: Moment, now: datetime, expires: datetime | None) -> QAction:
        action = QAction(f"{moment.label}\t{clock_time(moment.at, now)}", self)
        action.setToolTip(f"It comes back by itself at {full_time(moment.at)}")
        if expires is not None and moment.at >= expires:
            action.setEnabled(False)
            action.setToolTip(f"It expires at {clock_time(expires, now)}, before it would be back")
        action.triggered.connect(lambda _checked: self.chosen.emit(moment.at))
        self.addAction(action)
        return action
