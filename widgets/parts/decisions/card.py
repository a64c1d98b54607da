"""One decision in full: what, who, why, what it rested on, what came of it, and what a person can do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.decisions.commands import (
    ApproveDecision,
    EditDecision,
    LookNow,
    RejectDecision,
    SettleUnknown,
    SnoozeDecision,
    UndoDecision,
    WakeDecision,
    decision_of,
)
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.reason_row import ReasonRow
from widgets.parts.decisions.draft import Draft, draft_of, limit_of, unfit
from widgets.parts.decisions.draft_box import DraftBox
from widgets.parts.decisions.snooze_menu import SnoozeMenu
from widgets.parts.decisions.unknown import SETTLING, answers, what_to_do
from widgets.parts.decisions.words import standing, status_of, who
from widgets.parts.evidence import EvidenceView, Exhibit, Words, exhibits
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.labels import section_label, text_label
from widgets.parts.text.times import ago, clock_time, expiry, full_time

_WORKING = {
    ApproveDecision: "approve",
    EditDecision: "approve",
    LookNow: "look",
    RejectDecision: "reject",
    SnoozeDecision: "snooze",
    WakeDecision: "wake",
    UndoDecision: "undo",
}
_CARRY_OUT = "Carry it out (A)"
_LOOKING = "Looking again…"
_NOTHING_TO = {
    "approve": "it does not wait for you",
    "edit": "it has no draft to change",
    "reject": "it does not wait for you",
    "snooze": "it does not wait for you",
    "wake": "it is not put off",
}
_PAST = "You are looking at a past moment"


class DecisionCard(QFrame):
    """Shows a ``DecisionRow``; what a person decides leaves as ``command``, and ``answered`` brings its end.

    An edited draft leaves as ``EditDecision``, an unchanged one as ``ApproveDecision``. Words that would be refused do
    not leave: what is wrong with them stands beneath them, and they can be mended.
    """

    command = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: DecisionRow | None = None
        self._draft: Draft | None = None
        self._now: datetime | None = None
        self.buttons = {
            "approve": ActionButton("Approve", "approve", icon_name="check", tip=_CARRY_OUT),
            "look": ActionButton("Look", icon_name="retry", tip="See whether it is still so; else it goes (A)"),
            "edit": ActionButton("Edit", icon_name="edit", tip="Change the words, then approve them (E)"),
            "reject": ActionButton("Reject", icon_name="close", tip="Leave it undone (R)"),
            "snooze": ActionButton("Later…", tip="Put it off: you say until when, and it comes back by itself (S)"),
            "wake": ActionButton("Wake", tip="Bring it back into the Inbox now (W)"),
            "undo": ActionButton("Undo", icon_name="undo", tip="Take it back"),
            "done": ActionButton("It was done", icon_name="check"),
            "not_done": ActionButton("It was not done", icon_name="close"),
        }
        self.draft = DraftBox(self)
        self.refusal = text_label("", "bad", "label", wrap=True)
        self.why = ReasonRow(self)
        self.later = SnoozeMenu(self)
        self.how_known = ReasonRow(self, SETTLING)
        self._found = True
        self.grounds = EvidenceView(self)
        self._lay_out()
        self._wire()

    def show_decision(
        self,
        row: DecisionRow,
        now: datetime,
        *,
        can_act: bool = True,
        because: str = _PAST,
        looking: bool = False,
        undo_held: str = "",
    ) -> None:
        """Show ``row`` as of ``now``; a draft that is being changed is left as it is.

        ``because`` says why nobody can act now; ``looking`` that a finding is being looked at again; ``undo_held`` why
        it cannot be undone yet.
        """
        fresh = self.row is None or (self.row.id, self.row.evidence) != (row.id, row.evidence)
        changed, self.row, self._now = row != self.row, row, now
        end = expiry(row.expires, now) if row.verdict is Verdict.WAITING else ""
        told = (who(row.by), clock_time(row.at, now), ago(row.at, now), end)
        self._when.setText(" · ".join(part for part in told if part))
        until = f"; expires {full_time(row.expires)}" if end and row.expires else ""
        self._when.setToolTip(full_time(row.at) + until)
        if fresh:
            self._begin(row)
        self._allow(row, can_act, because)
        if undo_held and can_act:
            self.buttons["undo"].setEnabled(False)
            self.buttons["undo"].setToolTip(f"Not yet: {undo_held}")
        self._show_looking(row.finding and looking)
        if changed:
            self._show_standing(row, now)
            self._count()
            self.grounds.show_exhibits(grounds(row, self._draft))

    def approve(self) -> None:
        """Say yes: carry out what waits, with the draft as it stands now, or have a finding looked at again."""
        if self.row is not None and self._can("look"):
            self._send(LookNow(self.row.id))
        if self.row is None or not self._can("approve"):
            return
        if self._draft is None or not self.draft.changed:
            self._send(ApproveDecision(self.row.id))
        elif why := unfit(self.row, self._draft, self.draft.toPlainText()):
            self._refuse(why)
        else:
            self._send(EditDecision(self.row.id, {self._draft.field: self.draft.toPlainText()}))

    def edit(self) -> None:
        """Go to the draft."""
        if self._can("edit"):
            self.draft.setFocus()
            self.draft.selectAll()

    def ask_why(self) -> None:
        """Open the line for a reason; what is typed there rejects."""
        if self._can("reject"):
            self.why.ask()

    def reject(self, why: str = "") -> None:
        """Leave undone what waits."""
        if self.row is not None and self._can("reject"):
            self.why.hide()
            self._send(RejectDecision(self.row.id, why))

    def ask_how_known(self, done: bool) -> None:
        """Open the line that asks how the person knows what came of it; what is typed there settles it."""
        if self.row is not None and self._can("done" if done else "not_done"):
            self._found = done
            answer = answers(self.row)[done]
            self.how_known.sure.show_label(answer.label, tip=f"{_sentence(answer.leads_to)} (Enter)")
            self.how_known.ask()

    def settle(self, why: str) -> None:
        """Say what came of what nobody could tell, as it was found."""
        if self.row is not None and self._can("done" if self._found else "not_done"):
            self.how_known.hide()
            self._send(SettleUnknown(self.row.id, self._found, why))

    def snooze(self) -> None:
        """Ask until when what waits is to be put off."""
        if self.row is not None and self._now is not None and self._can("snooze"):
            button = self.buttons["snooze"]
            self.later.offer(self._now, self.row.expires, button.mapToGlobal(button.rect().bottomLeft()))

    def wake(self) -> None:
        """Bring back what was put off."""
        if self.row is not None and self._can("wake"):
            self._send(WakeDecision(self.row.id))

    def undo(self) -> None:
        """Take back what was done."""
        if self.row is not None and self._can("undo"):
            self._send(UndoDecision(self.row.id))

    def answered(self, command: Command, error: str) -> None:
        """Show on the button what came of its command; others are none of ours."""
        name = _button_of(command)
        if not name or self.row is None or decision_of(command) != self.row.id:
            return
        button = self.buttons[name]
        if error:
            button.show_failed("Failed", error)
        else:
            button.show_done()

    def why_not(self, name: str) -> str:
        """Why one of the buttons cannot be pressed; empty where it can. Approving is also having looked at again."""
        if self._can(name) or (name == "approve" and self._can("look")):
            return ""
        button = self.buttons["look" if name == "approve" and self.row and self.row.finding else name]
        return button.toolTip() if not button.isHidden() else _NOTHING_TO[name]

    def _can(self, name: str) -> bool:
        button = self.buttons[name]
        return not button.isHidden() and button.isEnabled() and button.state != "working"

    def _send(self, command: Command) -> None:
        self.buttons[_button_of(command)].show_working()
        self.command.emit(command)

    def _refuse(self, why: str) -> None:
        """Nothing has left: the words stay as they were typed, until they are mended."""
        self.refusal.setText(f"Nothing is changed yet: {why}.")
        self.refusal.show()
        self.draft.setFocus()

    def _begin(self, row: DecisionRow) -> None:
        """Another decision: what was typed or pressed belonged to the one before."""
        for button in self.buttons.values():
            button.reset()
        self.why.hide()
        self.how_known.hide()
        self.buttons["look"].show_label(row.word, "retry", self.buttons["look"].toolTip())
        self._draft = draft_of(row)
        self.draft.show_draft(self._draft.text if self._draft else "")

    def _allow(self, row: DecisionRow, can_act: bool, because: str) -> None:
        waiting, has_draft = row.verdict is Verdict.WAITING, self._draft is not None
        shown = dict.fromkeys(("reject", "snooze"), waiting)
        shown |= {"approve": waiting and not row.finding, "look": waiting and row.finding}
        shown |= {"wake": row.snoozed_until is not None, "edit": waiting and has_draft, "undo": row.can_undo}
        shown |= dict.fromkeys(("done", "not_done"), row.unknown)
        for name, button in self.buttons.items():
            button.setVisible(shown[name] or button.state == "working")
            if button.state != "working":
                button.setEnabled(can_act)
            if button.state == "ready":
                button.setToolTip(button.accessibleDescription() if can_act else because)
        if not (waiting and can_act):
            self.why.hide()
            self.refusal.hide()
        if not (row.unknown and can_act):
            self.how_known.hide()
        self.draft.setVisible(has_draft)
        self._draft_title.setVisible(has_draft)
        self.draft.setReadOnly(not (waiting and can_act))

    def _show_looking(self, looking: bool) -> None:
        """That it is being looked at is told by the button, until it has been."""
        look = self.buttons["look"]
        if looking and look.state == "ready":
            look.show_working(_LOOKING)
        elif not looking and look.text() == _LOOKING:
            look.reset()

    def _put_off(self, until: datetime) -> None:
        if self.row is not None and self._can("snooze"):
            self._send(SnoozeDecision(self.row.id, until))

    def _show_standing(self, row: DecisionRow, now: datetime) -> None:
        for done, name in ((True, "done"), (False, "not_done")):
            answer = answers(row)[done]
            self.buttons[name].show_label(answer.label, "check" if done else "close", _sentence(answer.leads_to))
        self.setAccessibleName(f"{row.what}, {standing(row)}")
        self._title.setText(row.what)
        self._dot.show_status(Status(status_of(row.verdict)))
        when = f" · {clock_time(row.changed_at, now)}" if row.changed_at is not None else ""
        put_off = f"Put off until {clock_time(row.snoozed_until, now)}" if row.snoozed_until else ""
        self._standing.setText(put_off or standing(row) + when)
        self._standing.setToolTip(full_time(row.changed_at) if row.changed_at is not None else "")

    def _typed(self) -> None:
        """What was wrong with the words before is not said of these."""
        self.refusal.hide()
        if self.buttons["approve"].state == "failed":
            self.buttons["approve"].reset()
        self._count()

    def _count(self) -> None:
        waits = self.row is not None and self.row.verdict is Verdict.WAITING
        limit = limit_of(self.row, self._draft) if self.row is not None and self._draft is not None else None
        letters = f"{len(self.draft.toPlainText()):,}" + (f" of {limit:,}" if limit is not None else "")
        changed = " · changed" if self.draft.changed else ""
        title = f"Draft · {letters} characters{changed}" if waits else "Draft, as it was proposed"
        self._draft_title.setText(title.upper())
        approve = self.buttons["approve"]
        if approve.state == "ready":
            word = self.row.word if self.row is not None else "Approve"
            approve.show_label(f"{word} changed" if self.draft.changed else word, "check", _CARRY_OUT)

    def _wire(self) -> None:
        self.buttons["approve"].clicked.connect(lambda _checked: self.approve())
        self.buttons["edit"].clicked.connect(lambda _checked: self.edit())
        self.buttons["reject"].clicked.connect(lambda _checked: self.ask_why())
        self.buttons["snooze"].clicked.connect(lambda _checked: self.snooze())
        self.buttons["look"].clicked.connect(lambda _checked: self.approve())
        self.buttons["wake"].clicked.connect(lambda _checked: self.wake())
        self.later.chosen.connect(self._put_off)
        self.buttons["undo"].clicked.connect(lambda _checked: self.undo())
        self.draft.sent.connect(self.approve)
        self.draft.left.connect(lambda: self.buttons["approve"].setFocus())
        self.draft.textChanged.connect(self._typed)
        self.buttons["done"].clicked.connect(lambda _checked: self.ask_how_known(True))
        self.buttons["not_done"].clicked.connect(lambda _checked: self.ask_how_known(False))
        self.why.given.connect(self.reject)
        self.why.left.connect(lambda: self._back_from(self.why, "reject"))
        self.how_known.given.connect(self.settle)
        self.how_known.left.connect(lambda: self._back_from(self.how_known, "done" if self._found else "not_done"))

    def _back_from(self, asking: ReasonRow, button: str) -> None:
        asking.hide()
        self.buttons[button].setFocus()

    def _lay_out(self) -> None:
        self._dot = StatusDot(parent=self)
        self._title = text_label("", weight="strong", wrap=True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._when = text_label("", "hint", "label", wrap=True)
        self._standing = text_label("", "secondary", "label", wrap=True)
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
        column.addWidget(self.refusal)
        column.addLayout(self._button_row())
        column.addWidget(self.why)
        column.addWidget(self.how_known)
        column.addWidget(self.grounds)
        column.addStretch(1)
        for part in (self.draft, self.refusal, self._draft_title, self.why, self.how_known, *self.buttons.values()):
            part.hide()

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 6)
        row.setSpacing(8)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        return row


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _button_of(command: Command) -> str:
    """Which button a command comes from."""
    if isinstance(command, SettleUnknown):
        return "done" if command.done else "not_done"
    return _WORKING.get(type(command), "")


def _says(told: dict[str, Any], name: str, value: Any) -> bool:
    """Whether it has been said already: what stands under Why is not repeated as evidence."""
    return name in told and bool(told[name] == value)


def grounds(row: DecisionRow, draft: Draft | None = None) -> tuple[Exhibit, ...]:
    """Why, what a person was shown, what they changed, and what came of it; a draft stands in its own box."""
    told = row.because if isinstance(row.because, dict) else {}
    drafted = draft.piece if draft is not None else None
    shown = {name: value for name, value in row.evidence.items() if name != drafted and not _says(told, name, value)}
    return (
        *((Words("What to do", what_to_do(row)),) if row.unknown else ()),
        *exhibits(row.because, "Why"),
        *exhibits(shown, "Evidence"),
        *exhibits(row.changes, "Changed by you", above="Changed by you:"),
        *exhibits(row.outcome, "Outcome", above="Outcome:"),
    )
