"""The right column: the decision term by term, what is at stake, and what was learned beside the trade."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.parts.panels.card import Card
from widgets.parts.text.facts import Fact, Facts
from widgets.parts.text.labels import text_label
from widgets.states.trading.decision import DecisionShown, ValueRow


class FactsCard(Card):
    """Names and values, and a sentence below them."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.facts = Facts(title)
        self.sentence = text_label("", "hint", "label", wrap=True)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.facts)
        column.addWidget(self.sentence)
        self.add_padded(body)

    def show_rows(self, rows: tuple[ValueRow, ...], sentence: str = "") -> None:
        self.facts.setVisible(bool(rows))
        self.facts.show_facts(tuple(Fact(row.name, row.value, row.part, row.role, row.bar_role) for row in rows))
        if sentence != self.sentence.text():
            self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))


class DecisionCard(FactsCard):
    """The newest bar's decision, or that of the bar under the crosshair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Decision now", parent)

    def show_decision(self, decision: DecisionShown, at: str) -> None:
        """``at`` is the bar's time where it is not the newest."""
        self.show_title(f"Decision at {at}" if at else "Decision now")
        self.show_note(decision.word)
        self.show_rows(decision.rows, decision.sentence)
