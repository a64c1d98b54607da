"""Garbage is collected on the GUI thread alone: a cycle that holds a widget, freed in a worker, would crash Qt."""

import gc

from PyQt6.QtCore import QObject, QTimer

EVERY_MS = 1_000
OLD_EVERY = 60
"""Young collections between two of everything; what the start left is frozen and costs nothing."""


class Collector:
    """Collects on a timer instead of whenever an allocation happens to trip it."""

    def __init__(self, parent: QObject) -> None:
        gc.disable()
        self._count = 0
        self._timer = QTimer(parent)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """One collection: mostly of the young."""
        self._count += 1
        gc.collect(2 if self._count % OLD_EVERY == 0 else 1)

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()
