"""The detail pane beside a list of decisions: the card of the one that is selected."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from services.core.decisions.inbox import DecisionRow
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.decisions.card import DecisionCard
from widgets.parts.panels.card import Card
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.scrolled import Scrolled
from widgets.parts.text.labels import text_label

_WORKING = "What you asked for is under way"


class DecisionPane(Card):
    """`process` says whose page to open."""

    process = pyqtSignal(str)

    def __init__(self, title: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._nothing = nothing
        self._empty = False
        self.card = DecisionCard(self)
        self.fault = text_label("", "bad", "label", wrap=True)
        self.fault.setContentsMargins(14, 10, 14, 0)
        self.fault.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._open = ActionButton("Open process", dense=True, tip="Whose decision it is, on its page", parent=self)
        self._copy = ActionButton("", "quiet", icon_name="copy", dense=True, tip="Copy the id", parent=self)
        self._open.clicked.connect(self._open_process)
        self._copy.clicked.connect(self._copy_id)
        self.add_to_header(self._copy)
        self.add_to_header(self._open)
        self._faces = Faces(self._scrolled())
        self.add(self._faces, 1)
        self.show_nothing()

    @property
    def row(self) -> DecisionRow | None:
        """What is shown, if anything is."""
        return None if self._empty else self.card.row

    def show_row(
        self,
        row: DecisionRow,
        now: datetime,
        *,
        can_act: bool,
        working: bool = False,
        fault: str = "",
        looking: bool = False,
        undo_held: str = "",
    ) -> None:
        """Show a decision; `working` while a command about it is on its way, `fault` if the last one failed.

        `looking` tells that a finding is being looked at again, `undo_held` why it cannot be undone yet.
        """
        if self._empty:
            self._empty = False
            self._faces.show_content()
        self.show_note(row.id)
        self._open.setVisible(bool(row.process))
        self._copy.show()
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        because = {"because": _WORKING} if working else {}
        self.card.show_decision(
            row, now, can_act=can_act and not working, looking=looking, undo_held=undo_held, **because
        )

    def show_nothing(self) -> None:
        """Nothing is selected."""
        if self._empty:
            return
        self._empty = True
        self.show_note("")
        self._open.hide()
        self._copy.hide()
        self._faces.show_empty(self._nothing, "")

    def _open_process(self) -> None:
        if self.row is not None:
            self.process.emit(self.row.process)

    def _copy_id(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self.row is not None and clipboard is not None:
            clipboard.setText(self.row.id)
            self._copy.show_done("Copied")

    def _scrolled(self) -> Scrolled:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.fault)
        column.addWidget(self.card, 1)
        return Scrolled(body, self)
