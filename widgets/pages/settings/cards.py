"""The cards beside the list: environment, keyring and sandbox, places on disk, mistakes."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.pages.settings.views import EnvironmentRow, MistakeRow, PathRow, StandingRow
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.card import Card
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import section_label, text_label

_AT_MOST = 5  # mistakes shown, so that the list below stays in sight
_STANDINGS = {True: Status.OK, False: Status.WARN, None: Status.IDLE}
_ACROSS = Qt.TextInteractionFlag.TextSelectableByMouse


class Body(QWidget):
    """What stands in a card, made anew when what it shows differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self._piece: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def replace(self, shown: object) -> QVBoxLayout | None:
        """A fresh column to fill, or None if `shown` stands there already."""
        if shown == self._shown:
            return None
        self._shown = shown
        if self._piece is not None:
            self._column.removeWidget(self._piece)
            self._piece.hide()
            self._piece.deleteLater()
        self._piece = QWidget(self)
        self._column.addWidget(self._piece)
        column = QVBoxLayout(self._piece)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        return column


class EnvironmentCard(Card):
    """What the program takes itself for, why, and everything that it looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Environment", parent=parent)
        self._body = Body(self)
        self._explain = ""
        tip = "Copy the decision and all it rests on, in one line"
        self.copy_button = ActionButton("Copy", icon_name="copy", dense=True, tip=tip, parent=self)
        self.copy_button.clicked.connect(lambda _checked: _copy(self._explain, self.copy_button))
        self.add_to_header(self.copy_button)
        self.add_padded(self._body)

    def show_environment(self, environment: EnvironmentRow, explain: str = "") -> None:
        self._explain = explain
        column = self._body.replace(environment)
        if column is None:
            return
        self.show_note(environment.name)
        self.show_status(Status.WARN if environment.conflicts else Status.INFO)
        column.addWidget(_told(f"{environment.name}, because of {environment.because}", "strong"))
        if environment.live:
            column.addWidget(_told(environment.live))
        for conflict in environment.conflicts:
            column.addWidget(text_label(conflict, "bad", "label", wrap=True))
        column.addWidget(section_label("What was looked at"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, clue in enumerate(environment.trail):
            grid.addWidget(text_label(clue.label, "secondary", "label"), row, 0, Qt.AlignmentFlag.AlignTop)
            says = text_label(f"says {clue.says}" if clue.says else "", "hint", "label")
            grid.addWidget(_told(clue.found), row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(says, row, 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)


class StandingCard(Card):
    """How the keyring and the sandbox stand."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._body = Body(self)
        self.add_padded(self._body)

    def show_standing(self, *rows: StandingRow) -> None:
        column = self._body.replace(rows)
        if column is None:
            return
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(StatusDot(_STANDINGS[row.well]))
            line.addWidget(text_label(row.name))
            line.addStretch(1)
            line.addWidget(text_label(row.word, "secondary", weight="medium"))
            column.addLayout(line)
            told = _told(row.text[:1].upper() + row.text[1:])
            told.setContentsMargins(20, 0, 0, 4)
            column.addWidget(told)


class PathsCard(Card):
    """The places of this home, each to be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Places", parent=parent)
        self._body = Body(self)
        self.buttons: dict[str, ActionButton] = {}
        self.add_padded(self._body)

    def show_paths(self, paths: tuple[PathRow, ...]) -> None:
        column = self._body.replace(paths)
        if column is None:
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self.buttons = {}
        for row, each in enumerate(paths):
            place = ElidedLabel(each.path, middle=True)
            place.setTextFormat(Qt.TextFormat.PlainText)
            place.setProperty("tone", "secondary")
            place.setProperty("mono", "true")
            button = ActionButton("", "quiet", icon_name="copy", dense=True, tip=f"Copy {each.name.lower()}")
            button.clicked.connect(lambda _checked, copied=each, pressed=button: _copy(copied.path, pressed))
            self.buttons[each.name] = button
            grid.addWidget(text_label(each.name), row, 0)
            grid.addWidget(place, row, 1)
            grid.addWidget(button, row, 2)
        column.addLayout(grid)


class MistakesCard(Card):
    """Every wrong setting with its place and the mend; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Mistakes", parent=parent)
        self._body = Body(self)
        self.show_status(Status.BAD)
        self.copy_button = ActionButton("Copy", icon_name="copy", dense=True, tip="Copy all of them", parent=self)
        self.copy_button.clicked.connect(lambda _checked: _copy(self._text, self.copy_button))
        self.add_to_header(self.copy_button)
        self.add_padded(self._body)
        self._text = ""

    def show_mistakes(self, mistakes: tuple[MistakeRow, ...]) -> None:
        column = self._body.replace(mistakes)
        self.setVisible(bool(mistakes))
        if column is None:
            return
        self._text = "\n".join(f"{each.where}: {each.what}. {each.mend}".strip() for each in mistakes)
        self.show_note("what is wrong does not count; the rest holds")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for place, share in enumerate((2, 6, 4)):
            grid.setColumnStretch(place, share)
        for row, each in enumerate(mistakes[:_AT_MOST]):
            _add_mistake(grid, row, each)
        column.addLayout(grid)
        if len(mistakes) > _AT_MOST:
            column.addWidget(text_label(f"{len(mistakes) - _AT_MOST:,} more; Copy has all", "hint", "label"))


def _add_mistake(grid: QGridLayout, row: int, mistake: MistakeRow) -> None:
    where = _told(mistake.where.replace("\\", "/").rpartition("/")[2])
    where.setProperty("mono", "true")
    where.setToolTip(mistake.where)
    mend = mistake.mend[:1].upper() + mistake.mend[1:]
    for place, label in enumerate((where, _told(mistake.what, "medium"), _told(mend))):
        grid.addWidget(label, row, place, Qt.AlignmentFlag.AlignTop)


def _told(text: str, weight: str = "") -> QWidget:
    label = text_label(text, "" if weight else "secondary", "" if weight else "label", wrap=True)
    if weight:
        label.setProperty("weight", weight)
    label.setTextInteractionFlags(_ACROSS)
    if not text:
        label.hide()  # and never shown here: without a parent yet, it would be a window
    return label


def _copy(text: str, button: ActionButton) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
        button.show_done("Copied")
