"""Learning beside the trade: challenger against champion on the same bars, and the promotion between them."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from services.core.commands import Command
from services.trading.learning.commands import Demote, Promote
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.sure_button import SureButton
from widgets.parts.panels.card import Card, padded
from widgets.parts.status import Status
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.text.facts import Fact, Facts
from widgets.parts.text.labels import text_label
from widgets.states.trading.learning import (
    CandidateLine,
    LearningShown,
    drawdown_told,
    percent_told,
    sharpe_told,
)

_HEAD, _ROW, _MOST = 32, 26, 6
"""Px of the table's head and of a row; rows that are shown without scrolling."""
_TITLE, _SHORT, _BESIDE = "Learning beside the trade", "Learning", 46
"""The title, what stands for it where it has no room beside the note, and px that neither of them has."""
_SURE = (
    "Deflated Sharpe: how likely it is that the challenger's Sharpe ratio out of sample is more than the best luck of "
    "all trials.\nAbove champion: between which bounds its mean return lies above the champion's, as of the latest "
    "look, in basis points; noise where 0 is between them."
)


def _result(line: CandidateLine) -> Cell:
    result = line.percent or 0.0
    return Cell(percent_told(line), "ok" if result > 0 else "bad" if result < 0 else "tx1", tip=line.tip)


COLUMNS = (
    Column[CandidateLine](
        "name",
        "Candidate",
        lambda line: Cell(line.name, "tx1" if line.champion else "tx0", tip=line.tip),
        110,
        stretch=True,
        least=80,
    ),
    Column[CandidateLine](
        "percent", "Result", _result, 72, align="right", sort=lambda line: line.percent or 0.0,
        tip="After fees", leaves_below=330,
    ),
    Column[CandidateLine](
        "sharpe", "Sharpe", lambda line: Cell(sharpe_told(line), tip=line.tip), 66, align="right",
        sort=lambda line: line.sharpe or 0.0, tip="Mean return of a bar by its deviation, annualised",
    ),
    Column[CandidateLine](
        "drawdown", "Max DD", lambda line: Cell(drawdown_told(line), "tx1", tip=line.tip), 66, align="right",
        sort=lambda line: line.drawdown or 0.0, tip="The deepest fall from a peak",
    ),
    Column[CandidateLine](
        "trades", "Trades", lambda line: Cell(f"{line.trades:,}", "tx1"), 56, align="right",
        sort=lambda line: line.trades, leaves_below=400,
    ),
)  # fmt: skip


class LearningCard(Card):
    """``command`` is what a person wants done; ``wanted`` the id of a decision that they want to read first."""

    command = pyqtSignal(object)
    wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_TITLE, parent=parent)
        self.table = Table(RowsModel(COLUMNS, key=lambda line: line.key), name="Candidates", dense=True)
        self.table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.facts = Facts("How sure it is")
        self.facts.setToolTip(_SURE)
        self.sentence = text_label("", "hint", "label", wrap=True)
        self.promote = ActionButton("Promote", "approve", tip="Trade with its numbers from the next entry on")
        self.read = ActionButton("Why", tip="What the promotion rests on, in the Inbox")
        self.demote = SureButton("Take back", "Take it back?", tip="The numbers before the last promotion")
        self._shown: LearningShown | None = None
        self._asked: Command | None = None
        self._lay_out()
        self.promote.clicked.connect(lambda: self._tell(Promote))
        self.demote.sure.connect(lambda: self._tell(Demote))
        self.read.clicked.connect(lambda: self.wanted.emit(self._shown.waiting if self._shown else ""))

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_title()

    def _fit_title(self) -> None:
        self.show_title(_TITLE)
        if self._title.sizeHint().width() + self._note.sizeHint().width() + _BESIDE > self.width():
            self.show_title(_SHORT)
        self.setAccessibleName(_TITLE)

    def show_learning(self, shown: LearningShown, why_not: str) -> None:
        """``why_not`` says why nothing can be done now."""
        if shown != self._shown:
            self._shown = shown
            self.show_note(shown.note)
            self._fit_title()
            self.show_status(Status.WARN if shown.waiting else None)
            self.table.rows.show_rows(shown.lines)
            self.table.setVisible(bool(shown.lines))
            self.table.setFixedHeight(_HEAD + _ROW * min(len(shown.lines), _MOST))
            self.facts.show_facts(tuple(Fact(row.name, row.value, role=row.role) for row in shown.facts))
            self.facts.setVisible(bool(shown.facts))
            self.sentence.setText(shown.sentence)
            self.promote.setVisible(bool(shown.waiting))
            self.read.setVisible(bool(shown.waiting))
            self.demote.setVisible(bool(shown.done))
            self._buttons.setVisible(bool(shown.waiting or shown.done))
        for button in (self.promote, self.demote):
            button.setEnabled(not why_not and self._asked is None)

    def why_not(self, act: str) -> str:
        """Why there is nothing to promote, or to demote; empty where there is."""
        shown = self._shown
        if act == "promote":
            return "" if shown and shown.waiting else "no promotion waits for a yes"
        return "" if shown and shown.done else "there is no promotion to take back"

    def begin(self, act: str) -> None:
        """What the button does: taking back asks first."""
        if not self.why_not(act):
            button = self.promote if act == "promote" else self.demote
            button.setFocus()  # a question that is looked away from is taken back
            button.click()

    def answered(self, command: Command, error: str) -> None:
        """What became of a promotion that was asked for here."""
        if command is not self._asked:
            return
        self._asked = None
        button = self.promote if isinstance(command, Promote) else self.demote
        if error:
            button.show_failed("Not done", error)
        else:
            button.show_done()

    def _tell(self, kind: type[Promote] | type[Demote]) -> None:
        if self._shown is None or self._asked is not None:
            return
        self._asked = kind(self._shown.strategy)
        (self.promote if kind is Promote else self.demote).show_working()
        self.command.emit(self._asked)

    def _lay_out(self) -> None:
        self.add(self.table)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.promote)
        row.addWidget(self.read)
        row.addStretch(1)
        row.addWidget(self.demote)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addWidget(self.sentence)
        column.addWidget(self._buttons)
        column.addStretch(1)  # it goes on to the foot of the page
        self.add(padded(body), 1)
