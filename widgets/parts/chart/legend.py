"""The names of a chart's series in their colours."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.chart.spec import ChartSpec
from widgets.theme import active, colour, ui_font

_GAP = 10
_HEIGHT = 17


class Legend(QWidget):
    """One line that asks for all its names, and cuts each of them by its share where there is less room."""

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple((series.name, series.role) for series in spec.series)
        told = ", ".join(name for name, _role in self._names)
        self.setAccessibleName(f"Lines: {told}")
        self.setToolTip(told)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = self._metrics()
        words = sum(metrics.horizontalAdvance(name) for name, _role in self._names)
        around = self.contentsMargins()
        width = round(words + _GAP * max(0, len(self._names) - 1)) + 1 + around.left() + around.right()
        return QSize(width, _HEIGHT + around.top() + around.bottom())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, self.sizeHint().height())

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter, metrics = QPainter(self), self._metrics()
        painter.setFont(ui_font(active().type.label))
        area = QRectF(self.contentsRect())
        x = area.left()
        part = min(1.0, self.width() / max(1, self.sizeHint().width()))
        for name, role in self._names:
            room = metrics.horizontalAdvance(name) * part + 0.5
            text = name if part == 1.0 else metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.setPen(colour(role))
            place = QRectF(x, area.top(), room + 1, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)
            x += room + _GAP * part
        painter.end()

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(ui_font(active().type.label))
