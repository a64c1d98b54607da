"""What is wrong in the settings, before all else."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QGridLayout, QWidget

from widgets.pages.settings.state import MistakeView
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.labels import text_label
from widgets.parts.status import Status

_AT_MOST = 5
"""Rows shown; of more, the rest is counted, and Copy has all."""


class MistakesCard(Card):
    """Hidden while nothing is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Mistakes in the settings", parent=parent)
        self._mistakes: tuple[MistakeView, ...] = ()
        self._body: QWidget | None = None
        self.show_status(Status.BAD)
        self.copy_button = ActionButton("Copy all", icon_name="copy", dense=True, tip="Copy every mistake", parent=self)
        self.copy_button.clicked.connect(self.copy)
        self.add_to_header(self.copy_button)
        self.hide()

    def show_mistakes(self, mistakes: tuple[MistakeView, ...]) -> None:
        """The same ones cost nothing."""
        if mistakes == self._mistakes:
            return
        self._mistakes = mistakes
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = _table(mistakes)
        self.add(self._body)
        self.show_note("the values below them hold instead")
        self.setVisible(bool(mistakes))

    def copy(self) -> None:
        """All of them, one to a line."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText("\n".join(f"{each.where}: {each.what}. {each.mend}" for each in self._mistakes))
            self.copy_button.show_done("Copied")


def _table(mistakes: tuple[MistakeView, ...]) -> QWidget:
    body = QWidget()
    grid = QGridLayout(body)
    grid.setContentsMargins(14, 10, 14, 12)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    for line, mistake in enumerate(mistakes[:_AT_MOST]):
        place = text_label(mistake.where, "secondary", wrap=True)
        place.setProperty("mono", "true")
        labels = (place, text_label(mistake.what, wrap=True), text_label(mistake.mend, "secondary", wrap=True))
        for column, label in enumerate(labels):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, line, column, Qt.AlignmentFlag.AlignTop)
    if left := mistakes[_AT_MOST:]:
        grid.addWidget(text_label(f"{len(left):,} more; Copy all has them", "hint", "label"), _AT_MOST, 0, 1, 3)
    for column, share in enumerate((4, 5, 4)):
        grid.setColumnStretch(column, share)
    return body
