"""The way to a past moment: it is read in a worker, and the last one that was asked for is shown."""

from collections.abc import Callable
from datetime import datetime

from PyQt6.QtCore import QObject, pyqtSignal

from app.program import Program
from app.runtime.desk.past import Past, read_past


class Journey(QObject):
    """``show`` is called on the window's thread, with None for now."""

    read = pyqtSignal(object, int)
    """A moment has been read, wanted still or not: its ``Past``, and which of those asked for it is."""

    def __init__(self, program: Program, show: Callable[[Past | None], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program, self._show = program, show
        self._count = 0
        """The moments asked for: only the last of them is shown, whichever is built first."""
        self.read.connect(self._arrive)

    def to(self, moment: datetime | None) -> None:
        """A past moment, or now."""
        self._count += 1
        if moment is None:
            self._show(None)
            return
        program, count = self._program, self._count
        program.engine.workers.start(
            f"past {moment.isoformat()}", lambda: self.read.emit(read_past(program, moment), count)
        )

    def _arrive(self, past: Past, count: int) -> None:
        if count == self._count:
            self._show(past)
