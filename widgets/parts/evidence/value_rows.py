"""Names and values in two columns that read across; a value can be selected, and wraps where it is long."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from widgets.parts.text.labels import text_label

_NAMES = 132  # px that the names take at least, so that values of several groups stand below each other
_LONGEST = 400


class ValueRows(QWidget):
    """Made once for its values; `spoken` is what a screen reader hears."""

    def __init__(self, name: str, pairs: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spoken = f"{name}: " + ", ".join(f"{each} {value}" for each, value in pairs)
        self.setAccessibleName(self.spoken)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, _NAMES)
        grid.setColumnStretch(1, 1)
        for row, (each, value) in enumerate(pairs):
            grid.addWidget(text_label(each, "secondary"), row, 0, Qt.AlignmentFlag.AlignTop)
            told = text_label(value[:_LONGEST], weight="medium", wrap=True)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(told, row, 1)
