"""Panes whose sizes a person sets and finds again."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QSplitter, QWidget


class Split(QSplitter):
    """A splitter with a name under which its sizes are remembered."""

    def __init__(self, name: str, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setObjectName(name)
        self.setHandleWidth(12)
        self.setChildrenCollapsible(False)

    def fill(self, *panes: tuple[QWidget, int]) -> Split:
        """Add panes with the share of the room each one gets."""
        for pane, share in panes:
            self.addWidget(pane)
            self.setStretchFactor(self.count() - 1, share)
        self.setSizes([share * 100 for _pane, share in panes])
        return self


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
