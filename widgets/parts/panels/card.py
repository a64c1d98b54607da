"""A titled panel: the frame around every list, table and chart."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import dressed

_SIDE = 14
_LEAST_TITLE = 150
"""Px that a title keeps; the note beside it gives way first."""


class Card(QFrame):
    """Header with title, what belongs to it on the right, and a body below."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.setAccessibleName(title)
        self._dot: StatusDot | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._title = dressed(ElidedLabel(title, _LEAST_TITLE), "secondary", "label", "strong")
        self._note = dressed(ElidedLabel(note), "hint", "label")
        self._header = QFrame(self)
        self._header.setProperty("part", "card_header")
        self._header.setFixedHeight(38)
        self._row = QHBoxLayout(self._header)
        self._row.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addWidget(self._note)
        self._column.addWidget(self._header)

    def show_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def show_note(self, note: str) -> None:
        """Small text at the right of the header."""
        self._note.setText(note)

    def show_status(self, status: Status | None) -> None:
        """A shape before the title."""
        if status is None:
            if self._dot is not None:
                self._dot.hide()
            return
        if self._dot is None:
            self._dot = StatusDot(status, self._header)
            self._row.insertWidget(0, self._dot)
        self._dot.show_status(status)
        self._dot.show()

    def add_to_header(self, widget: QWidget) -> None:
        """Put a chip or a button at the right of the header."""
        self._row.addWidget(widget)

    def add_beside_title(self, widget: QWidget) -> None:
        """Put it at the right of the header if the title leaves it the room it asks for, else on a line below."""
        room = self.width() - 2 * _SIDE - self._title.sizeHint().width() - 2 * self._row.spacing()
        below = widget.sizeHint().width() > room
        if not below and self._row.indexOf(widget) < 0:
            self._column.removeWidget(widget)
            widget.setContentsMargins(0, 0, 0, 0)
            self._row.addWidget(widget)
        elif below and self._column.indexOf(widget) < 0:
            self._row.removeWidget(widget)
            widget.setContentsMargins(_SIDE, 6, _SIDE, 0)
            self._column.insertWidget(1, widget)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a body below what is there, edge to edge."""
        self._column.addWidget(widget, stretch)

    def add_padded(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a body with the card's own inner margin."""
        self._column.addWidget(padded(widget), stretch)


def padded(body: QWidget) -> QWidget:
    """A body with the inner margin of a card around it."""
    holder = QWidget()
    inset = QHBoxLayout(holder)
    inset.setContentsMargins(_SIDE, 10, _SIDE, 12)
    inset.addWidget(body)
    return holder
