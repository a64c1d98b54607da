"""What the program takes its surroundings for: the verdict, its reason and all that was looked at."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from widgets.pages.settings.state import ClueView, SettingsView, SurroundingsView
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.chip import Chip
from widgets.parts.labels import Tone, text_label
from widgets.parts.status import Status

_NAMES = {"dev": "Development", "prod": "Production"}


class SurroundingsCard(Card):
    """Environment, why, whether live trading is allowed, and the trail of rules."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Environment", parent=parent)
        self._shown: tuple[object, ...] = ()
        self._explain = ""
        self._body: QWidget | None = None
        self.chip = Chip("", dense=True, parent=self)
        self.copy_button = ActionButton(
            "Copy", icon_name="copy", dense=True, tip="Copy the whole reasoning in one line", parent=self
        )
        self.copy_button.clicked.connect(self.copy)
        self.add_to_header(self.chip)
        self.add_to_header(self.copy_button)

    def show_settings(self, view: SettingsView) -> None:
        """The same surroundings cost nothing."""
        now = (view.environment, view.trail)
        if now == self._shown:
            return
        self._shown = now
        found = view.environment
        self._explain = found.explain
        status = Status.WARN if found.conflicts else Status.BAD if found.live_allowed else Status.OK
        self.chip.show_text(_NAMES.get(found.name, found.name), status)
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = _body(found, view.trail)
        self.add(self._body)

    def copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._explain)
            self.copy_button.show_done("Copied")


def _body(found: SurroundingsView, trail: tuple[ClueView, ...]) -> QWidget:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(14, 10, 14, 12)
    column.setSpacing(4)
    live = f"allowed, {found.live_because}" if found.live_allowed else f"off, {found.live_because}"
    column.addWidget(text_label(f"Because {found.because}", weight="medium", wrap=True))
    column.addWidget(text_label(f"Live trading {live}", "secondary", "label", wrap=True))
    for conflict in found.conflicts:
        column.addWidget(text_label(conflict, "bad", "label", wrap=True))
    column.addSpacing(4)
    column.addLayout(_trail(trail))
    return body


def _trail(trail: tuple[ClueView, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    for line, clue in enumerate(trail):
        tone: Tone = "" if clue.decided else "hint"
        found = text_label(clue.found, tone, "label", wrap=True)
        found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        says = f"{clue.says} ✓" if clue.decided else clue.says
        for column, label in enumerate((text_label(clue.label, "hint", "label"), found)):
            grid.addWidget(label, line, column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text_label(says, tone, "label"), line, 2, Qt.AlignmentFlag.AlignTop)
    return grid
