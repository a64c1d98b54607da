"""One decision in full: what, who, why, what it rested on, what came of it, and what a person can do about it."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.decision import Verdict
from services.core.decision_commands import ApproveDecision, EditDecision, RejectDecision, UndoDecision
from services.core.decisions import DecisionRow
from widgets.parts.action_button import ActionButton
from widgets.parts.decision_words import reasons, standing, status_of, value_text, who
from widgets.parts.facts import Fact, Facts
from widgets.parts.labels import section_label, text_label
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.times import ago, clock_time, full_time

DRAFT = "draft"
"""The piece of evidence that a person may change before it goes out; it is the effect's field ``text``."""
_LONG = 60  # characters from which a value is a block of text instead of a line
_WORKING: dict[type[Command], str] = {
    ApproveDecision: "approve",
    EditDecision: "approve",
    RejectDecision: "reject",
    UndoDecision: "undo",
}


class DecisionCard(QFrame):
    """Shows a ``DecisionRow``; what a person decides leaves as ``command``, and ``answered`` brings its end.

    An edited draft leaves as ``EditDecision``, an unchanged one as ``ApproveDecision``.
    """

    command = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: DecisionRow | None = None
        self.buttons = {
            "approve": ActionButton("Approve", "approve", icon_name="check", tip="Carry it out (A)"),
            "reject": ActionButton("Decline", icon_name="close", tip="Leave it undone (R)"),
            "undo": ActionButton("Undo", icon_name="undo", tip="Take it back"),
        }
        self.draft = QPlainTextEdit(self)
        self.draft.setAccessibleName("Draft, can be changed")
        self.draft.setTabChangesFocus(True)
        self.draft.setFixedHeight(88)
        self._blocks: list[QWidget] = []
        self._lay_out()

    def show_decision(self, row: DecisionRow, now: datetime, *, can_act: bool = True) -> None:
        """Show ``row`` as of ``now``; a draft that is being changed is left as it is."""
        fresh = self.row is None or (self.row.id, self.row.evidence) != (row.id, row.evidence)
        changed, self.row = row != self.row, row
        self._when.setText(f"{who(row.by)} · {clock_time(row.at, now)} · {ago(row.at, now)}")
        self._when.setToolTip(full_time(row.at))
        if fresh:
            self._show_grounds(row)
        if changed:
            self._show_standing(row)
        self._allow(can_act)

    def approve(self) -> None:
        """Carry out what waits, with the draft as it stands now."""
        if self.row is None or self.buttons["approve"].isHidden():
            return
        text = self.draft.toPlainText()
        edited = not self.draft.isHidden() and text != str(self.row.evidence.get(DRAFT, ""))
        self._send(EditDecision(self.row.id, {"text": text}) if edited else ApproveDecision(self.row.id))

    def reject(self, why: str = "") -> None:
        """Decline what waits."""
        if self.row is not None and not self.buttons["reject"].isHidden():
            self._send(RejectDecision(self.row.id, why))

    def undo(self) -> None:
        """Take back what was done."""
        if self.row is not None and not self.buttons["undo"].isHidden():
            self._send(UndoDecision(self.row.id))

    def answered(self, command: Command, error: str) -> None:
        """Show on the button what came of its command; others are none of ours."""
        name = _WORKING.get(type(command))
        if name is None or self.row is None or getattr(command, "id", "") != self.row.id:
            return
        button = self.buttons[name]
        if error:
            button.show_failed("Failed", error)
        else:
            button.show_done()

    def _send(self, command: Command) -> None:
        button = self.buttons[_WORKING[type(command)]]
        if button.state != "working":
            button.show_working()
            self.command.emit(command)

    def _allow(self, can_act: bool) -> None:
        row = self.row
        waiting = row is not None and row.verdict is Verdict.WAITING
        shown = {"approve": waiting, "reject": waiting, "undo": row is not None and row.can_undo}
        for name, button in self.buttons.items():
            button.setVisible(shown[name] or button.state in ("working", "done"))
            if button.state != "working":
                button.setEnabled(can_act)
        self.draft.setReadOnly(not (waiting and can_act))

    def _show_standing(self, row: DecisionRow) -> None:
        self.setAccessibleName(f"{row.what}, {standing(row)}")
        self._title.setText(row.what)
        self._dot.show_status(Status(status_of(row.verdict)))
        self._standing.setText(standing(row))
        if row.changed_at is not None:
            self._standing.setToolTip(full_time(row.changed_at))

    def _show_grounds(self, row: DecisionRow) -> None:
        for block in self._blocks:
            self._grounds.removeWidget(block)
            block.hide()
            block.deleteLater()
        self._blocks = []
        for button in self.buttons.values():
            button.reset()
        self.draft.setVisible(DRAFT in row.evidence)
        self._draft_title.setVisible(DRAFT in row.evidence)
        self.draft.setPlainText(str(row.evidence.get(DRAFT, "")))
        told = {name: value for name, value in row.evidence.items() if name != DRAFT}
        self._add_grounds("Why", reasons(row.because))
        self._add_grounds("Evidence", tuple((name.replace("_", " "), value_text(v)) for name, v in told.items()))
        self._add_grounds("Outcome", reasons(row.outcome))

    def _add_grounds(self, title: str, grounds: tuple[tuple[str, str], ...]) -> None:
        if not grounds:
            return
        self._add(section_label(title))
        short = tuple(Fact(name, value) for name, value in grounds if name and not _is_block(value))
        if short:
            facts = Facts(title)
            facts.show_facts(short)
            self._add(facts)
        for name, value in grounds:
            if not name or _is_block(value):
                self._add(_block(name, value))

    def _add(self, widget: QWidget) -> None:
        self._blocks.append(widget)
        self._grounds.addWidget(widget)

    def _lay_out(self) -> None:
        self._dot = StatusDot(parent=self)
        self._title = text_label("", weight="strong", wrap=True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._when, self._standing = text_label("", "hint", "label"), text_label("", "secondary", "label", wrap=True)
        self._draft_title = section_label("Draft")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        column.addWidget(self._when)
        column.addWidget(self._standing)
        column.addWidget(self._draft_title)
        column.addWidget(self.draft)
        column.addLayout(self._button_row())
        self._grounds = QVBoxLayout()
        self._grounds.setSpacing(6)
        column.addLayout(self._grounds)
        column.addStretch(1)
        for part in (self.draft, self._draft_title, *self.buttons.values()):
            part.hide()

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 6)
        row.setSpacing(8)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self.buttons["approve"].clicked.connect(lambda: self.approve())
        self.buttons["reject"].clicked.connect(lambda: self.reject())
        self.buttons["undo"].clicked.connect(lambda: self.undo())
        return row


def _is_block(value: str) -> bool:
    return len(value) > _LONG or "\n" in value


def _block(name: str, value: str) -> QWidget:
    """Long text under its name, to be selected and copied; never read as markup."""
    block = QFrame()
    block.setProperty("part", "inset")
    column = QVBoxLayout(block)
    column.setContentsMargins(10, 8, 10, 8)
    column.setSpacing(2)
    if name:
        column.addWidget(text_label(name, "hint", "label"))
    label: QLabel = text_label(value, "secondary", "label", wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(label)
    return block
