"""What went wrong, why, and what to do about it, with the details ready to be copied."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.empty_state import Offer
from widgets.parts.status import Status, draw_status
from widgets.parts.text.labels import text_label


@dataclass(frozen=True, slots=True)
class ErrorView:
    """`what` happened, `why`, and the way on; `details` is what Copy details puts on the clipboard."""

    what: str
    why: str
    what_to_do: str
    details: str = ""
    offers: tuple[Offer, ...] = ()


class ErrorState(QFrame):
    """A red-edged panel; `chosen` says which of its offers was taken."""

    chosen = pyqtSignal(str)

    def __init__(self, view: ErrorView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "error")
        self.setAccessibleName(f"Error: {view.what}. {view.why} {view.what_to_do}")
        self._view = view
        column = QVBoxLayout(self)
        column.setContentsMargins(34, 10, 14, 12)
        column.setSpacing(4)
        column.addWidget(text_label(view.what, weight="strong", wrap=True))
        column.addWidget(self._selectable(view.why, "secondary"))
        column.addWidget(self._selectable(view.what_to_do, ""))
        column.addSpacing(4)
        column.addLayout(self._buttons())

    def copy_details(self) -> None:
        """Put the whole story on the clipboard, for a report."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            view = self._view
            clipboard.setText("\n".join(part for part in (view.what, view.why, view.details) if part))
            self._copy.show_done("Copied")

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        draw_status(painter, QRectF(14, 14, 10, 10).center() + QPointF(0, 1), 9, Status.BAD)
        painter.end()

    def _selectable(self, text: str, tone: str) -> QWidget:
        label = text_label(text, "secondary" if tone else "", "label", wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not text:
            label.hide()  # never shown here: without a parent it would be a window of its own for a moment
        return label

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for offer in self._view.offers:
            button = ActionButton(offer.label, offer.variant, dense=True, tip=offer.tip, parent=self)
            button.clicked.connect(lambda _checked, chosen=offer.id: self.chosen.emit(chosen))
            row.addWidget(button)
        self._copy = ActionButton("Copy details", "quiet", icon_name="copy", dense=True, parent=self)
        self._copy.clicked.connect(self.copy_details)
        row.addWidget(self._copy)
        row.addStretch(1)
        return row
