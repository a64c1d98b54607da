"""The rule that is selected, in full, and the line that asks why it is armed again."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.reason_row import Asking, ReasonRow
from widgets.parts.panels.card import Card
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.scrolled import Scrolled, headed
from widgets.parts.status import Status
from widgets.parts.text.labels import text_label
from widgets.parts.text.texts import Texts
from widgets.states.rules import RuleLine

_ASKING = Asking(
    "Why is it safe to go on?",
    "Why it is armed again",
    "Re-arm",
    "Let it fire again; the reason is kept (Enter)",
    "Leave it as it is (Esc)",
    required=True,
    dangerous=False,
)
_OWN = "Copy its file into the home, where you may change it; the copy holds from then on (C)"
_AFTER = "Measured from here on. What it paused stays paused until you resume it."


class RulePane(Card):
    """``rearm`` says the reason for the rule that is shown, ``process`` whose page to open, ``own`` what to copy."""

    rearm = pyqtSignal(str)
    process = pyqtSignal(str)
    own = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Rule", parent=parent)
        self.line: RuleLine | None = None
        self.headline = text_label("", weight="strong", wrap=True)
        self.since = text_label("", "hint", "label")
        self.texts = Texts(self)
        self.button = ActionButton("Re-arm", icon_name="retry", tip="Let it fire again, with a reason (R)", parent=self)
        self.after = text_label(_AFTER, "hint", "label", wrap=True)
        self.reason = ReasonRow(self, _ASKING)
        self.fault = text_label("", "bad", "label", wrap=True)
        self.fault.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open = ActionButton("Open process", dense=True, tip="What it watches, on the Processes page", parent=self)
        self.customise = ActionButton("Customise", dense=True, tip=_OWN, parent=self)
        self.add_to_header(self.customise)
        self.add_to_header(self.open)
        self._faces = Faces(self._scrolled())
        self.add(self._faces, 1)
        self.button.clicked.connect(lambda _checked: self.ask())
        self.customise.clicked.connect(lambda _checked: self.ask_own())
        self.open.clicked.connect(lambda _checked: self.process.emit(self.line.each if self.line else ""))
        self.reason.given.connect(self.rearm)
        self.reason.left.connect(self._leave)
        self.show_nothing()

    def show_line(self, line: RuleLine, *, can_act: bool, working: bool, fault: str, is_process: bool) -> None:
        """Show a rule; ``working`` while it is being armed again, ``fault`` says why it was not."""
        if self.line is None or line.key != self.line.key:
            self.reason.hide()
            self.button.reset()
        self.line = line
        self._faces.show_content()
        self.show_title(line.rule)
        self.show_status(Status(line.shape))
        self.headline.setText(f"{line.word} for {line.each}" if line.each else line.word)
        self.since.setText(f"since {line.when}" if line.when else "")
        self.since.setToolTip(line.exactly)
        self.texts.show_texts(line.texts)
        self.open.setVisible(is_process)
        self.customise.setVisible(bool(line.shipped))
        self.customise.setEnabled(can_act)
        asks = not self.reason.isHidden()
        if not line.can_rearm or not can_act:
            self.reason.hide()
            asks = False
        self.button.setVisible(line.can_rearm and not asks)
        self.button.setEnabled(can_act and not working)
        self.after.setVisible(line.can_rearm)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self.line = None
        self.show_title("Rule")
        self.show_status(None)
        self.open.hide()
        self.customise.hide()
        if self._faces.currentWidget() is self._faces.content:
            self._faces.show_empty("Nothing is selected", "Select a rule to see what it watches and how it stands.")

    def ask(self) -> None:
        """Open the line for the reason."""
        if self.line is not None and self.line.can_rearm and self.button.isEnabled():
            self.button.hide()
            self.reason.ask()

    def ask_own(self) -> None:
        """Have the file of the rule copied to where the user may change it."""
        if self.line is not None and self.line.shipped and self.customise.isEnabled():
            self.own.emit(self.line.shipped)

    def taken(self) -> None:
        """The reason is on its way."""
        self.reason.hide()
        self.button.show()

    def _leave(self) -> None:
        self.reason.hide()
        self.button.show()
        self.button.setFocus()

    def _scrolled(self) -> Scrolled:
        body, column = headed(self.headline, self.since)
        column.addWidget(self.texts)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.button)
        row.addWidget(self.after, 1)
        column.addLayout(row)
        column.addWidget(self.reason)
        column.addWidget(self.fault)
        column.addStretch(1)
        return Scrolled(body, self)
