"""Names and values in two columns: why this patch, risk, limits used."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.text.cut_text import tells_hidden
from widgets.theme import colour, ui_font
from widgets.theme.fonts import STRONG

_ROW = 25
_BAR_WIDTH, _BAR_HEIGHT = 64, 4
_BETWEEN, _LEAST_NAME = 12, 64
"""Px between name, bar and value, and that a name keeps beside a value of any length."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`part`, 0 to 1, draws a bar before the value; `role` colours the value, `bar_role` the bar."""

    name: str
    value: str
    part: float | None = None
    role: str = "tx1"
    bar_role: str = "accent"


class Facts(QWidget):
    """Paints its rows itself; a change of values moves nothing. A row that is cut says the whole in its tooltip."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._name = name
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        if facts == self._facts:
            return
        if len(facts) != len(self._facts):
            self.updateGeometry()
        self._facts = facts
        self.setAccessibleName(f"{self._name}: " + ", ".join(f"{fact.name} {fact.value}" for fact in facts))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(240, _ROW * len(self._facts))

    def event(self, event: QEvent | None) -> bool:
        return tells_hidden(self, event, lambda: self.hidden_at(_row_of(event))) or super().event(event)

    def hidden_at(self, place: int) -> str:
        """The whole of a row that is cut; empty where it can be read, or there is none."""
        if not 0 <= place < len(self._facts):
            return ""
        fact = self._facts[place]
        return "" if self._fitted(fact, self._widest()) == (fact.name, fact.value) else f"{fact.name}: {fact.value}"

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        widest = self._widest()
        for place, fact in enumerate(self._facts):
            self._paint_row(painter, QRectF(0, place * _ROW, self.width(), _ROW), fact, widest)
        painter.end()

    def _widest(self) -> float:
        strong = QFontMetricsF(ui_font(None, STRONG))
        return max((strong.horizontalAdvance(fact.value) for fact in self._facts), default=0)

    def _fitted(self, fact: Fact, widest: float) -> tuple[str, str]:
        """Name and value as there is room for them; the name gives way first."""
        plain, strong = QFontMetricsF(ui_font()), QFontMetricsF(ui_font(None, STRONG))
        bar = 0.0 if fact.part is None else _BAR_WIDTH + _BETWEEN
        least = min(plain.horizontalAdvance(fact.name), _LEAST_NAME)
        value = _cut(strong, fact.value, self.width() - least - _BETWEEN - bar)
        own = strong.horizontalAdvance(value) if fact.part is None else widest
        return _cut(plain, fact.name, self.width() - _BETWEEN - bar - own), value

    def _paint_row(self, painter: QPainter, area: QRectF, fact: Fact, widest: float) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        name, value = self._fitted(fact, widest)
        painter.setFont(ui_font())
        painter.setPen(colour("tx1"))
        painter.drawText(area, middle, name)
        painter.setFont(ui_font(None, STRONG))
        painter.setPen(colour(fact.role))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, value)
        if fact.part is not None:
            left = area.width() - widest - _BETWEEN - _BAR_WIDTH
            _paint_bar(painter, QRectF(left, area.center().y() - _BAR_HEIGHT / 2, _BAR_WIDTH, _BAR_HEIGHT), fact)


def _cut(metrics: QFontMetricsF, text: str, room: float) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 0.5)


def _row_of(event: QEvent | None) -> int:
    return event.pos().y() // _ROW if isinstance(event, QHelpEvent) else -1


def _paint_bar(painter: QPainter, groove: QRectF, fact: Fact) -> None:
    part = min(1.0, max(0.0, fact.part or 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("bg3"))
    painter.drawRoundedRect(groove, 2, 2)
    painter.setBrush(colour(fact.bar_role))
    painter.drawRoundedRect(QRectF(groove.left(), groove.top(), groove.width() * part, groove.height()), 2, 2)
