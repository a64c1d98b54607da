"""Panes whose sizes a person sets and finds again."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QSplitter, QWidget


class Split(QSplitter):
    """A splitter with a name under which its sizes are remembered."""

    def __init__(self, name: str, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setObjectName(name)
        self.setHandleWidth(12)
        self.setChildrenCollapsible(False)
        self._shares: list[int] = []
        self.splitterMoved.connect(self._dragged)

    def fill(self, *panes: tuple[QWidget, int]) -> Split:
        """Add panes with the share of the room each one gets."""
        for pane, share in panes:
            self.addWidget(pane)
            self.setStretchFactor(self.count() - 1, share)
        self._shares = [share for _pane, share in panes]
        return self

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        done = super().restoreState(state)
        if done:
            self._shares = []
        return done

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        # Until someone drags, the shares hold; the hints of what is inside would win otherwise.
        if self._shares:
            room = self.width() if self.orientation() is Qt.Orientation.Horizontal else self.height()
            self.setSizes([share * room // sum(self._shares) for share in self._shares])

    def _dragged(self) -> None:
        self._shares = []


def remembered(root: QWidget) -> dict[str, str]:
    """The sizes of all splits below `root`, by name, as text that can be kept."""
    splits = root.findChildren(Split)
    return {split.objectName(): split.saveState().toBase64().data().decode() for split in splits}


def restore(root: QWidget, sizes: Mapping[str, str]) -> None:
    """Give splits below `root` their remembered sizes; those without one, or with a broken one, stay."""
    for split in root.findChildren(Split):
        state = sizes.get(split.objectName())
        if state:
            split.restoreState(QByteArray.fromBase64(state.encode("ascii", "replace")))
