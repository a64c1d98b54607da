"""The developer's menu: faults that can be let happen to the process that is shown, to see it heal."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtWidgets import QMenu, QWidget

from services.core.process.injection import Fault
from widgets.parts.controls.action_button import ActionButton

WORDS = {
    Fault.CRASH: ("Crash", "An error at its next beat"),
    Fault.HANG: ("Hang", "It beats no more, until the watchdog gives it up"),
    Fault.HOLD_GIL: ("Hold the interpreter's lock", "As C code would; only for a process with its own interpreter"),
    Fault.KILL: ("Kill", "Its interpreter or script ends at once"),
}


class DeveloperMenu(ActionButton):
    """``wanted`` is the fault that was chosen."""

    wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Developer", "quiet", icon_name="debugger", tip="Let something go wrong on purpose", parent=parent
        )
        self.menu_of_faults = QMenu(self)
        self.menu_of_faults.setToolTipsVisible(True)
        for fault, (word, tip) in WORDS.items():
            action = self.menu_of_faults.addAction(word)
            assert action is not None
            action.setToolTip(tip)
            action.triggered.connect(lambda _checked, chosen=fault: self.wanted.emit(chosen))
        self.clicked.connect(self._open)
        self.hide()

    def _open(self) -> None:
        above = self.menu_of_faults.sizeHint().height()
        self.menu_of_faults.popup(self.mapToGlobal(QPoint(0, -above)))
