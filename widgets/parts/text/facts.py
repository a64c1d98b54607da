"""Names and values in two columns: why this patch, risk, limits used."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from widgets.theme import colour, ui_font
from widgets.theme.fonts import STRONG

_ROW = 25
_BAR_WIDTH, _BAR_HEIGHT = 64, 4


@dataclass(frozen=True, slots=True)
class Fact:
    """`part`, 0 to 1, draws a bar before the value; `role` colours the value, `bar_role` the bar."""

    name: str
    value: str
    part: float | None = None
    role: str = "tx1"
    bar_role: str = "accent"


class Facts(QWidget):
    """Paints its rows itself; a change of values moves nothing."""

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

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = QFontMetricsF(ui_font(None, STRONG))
        widest = max((strong.horizontalAdvance(fact.value) for fact in self._facts), default=0)
        for place, fact in enumerate(self._facts):
            self._paint_row(painter, QRectF(0, place * _ROW, self.width(), _ROW), fact, widest)
        painter.end()

    def _paint_row(self, painter: QPainter, area: QRectF, fact: Fact, widest: float) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font())
        painter.setPen(colour("tx1"))
        own = QFontMetricsF(ui_font(None, STRONG)).horizontalAdvance(fact.value)
        room = area.width() - 12 - (own if fact.part is None else widest + _BAR_WIDTH + 12)
        name = QFontMetricsF(ui_font()).elidedText(fact.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, middle, name)
        painter.setFont(ui_font(None, STRONG))
        painter.setPen(colour(fact.role))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, fact.value)
        if fact.part is not None:
            left = area.width() - widest - 12 - _BAR_WIDTH
            _paint_bar(painter, QRectF(left, area.center().y() - _BAR_HEIGHT / 2, _BAR_WIDTH, _BAR_HEIGHT), fact)


def _paint_bar(painter: QPainter, groove: QRectF, fact: Fact) -> None:
    part = min(1.0, max(0.0, fact.part or 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("bg3"))
    painter.drawRoundedRect(groove, 2, 2)
    painter.setBrush(colour(fact.bar_role))
    painter.drawRoundedRect(QRectF(groove.left(), groove.top(), groove.width() * part, groove.height()), 2, 2)
