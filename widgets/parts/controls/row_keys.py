"""Home and End in a list go to its first and its last row, as Qt has them do only within one row of a table."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView


def goes_to_an_end(view: QAbstractItemView, event: QKeyEvent) -> bool:
    """Obey Home or End without another key held; tells whether it was one of them."""
    if event.key() not in (Qt.Key.Key_Home, Qt.Key.Key_End) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    go_to_row(view, 0 if event.key() == Qt.Key.Key_Home else -1)
    return True


def go_to_row(view: QAbstractItemView, row: int) -> bool:
    """Put the list's own cursor on a row, counted from the end where it is negative; tells whether there is one."""
    model = view.model()
    rows = model.rowCount() if model is not None else 0
    if model is None or not rows:
        return False
    index = model.index(row % rows, 0)
    view.setCurrentIndex(index)
    view.scrollTo(index)
    return True
