"""The start, told in the window while what was known last is shown: its real steps, ticked as they truly finish."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.frame.splash_page import paint_mark, took
from widgets.frame.views import StepView
from widgets.parts.text.elided import ElidedLabel
from widgets.theme import active, colour, ui_font

_HEIGHT = 32
_MARK, _GAP, _TOOK = 18, 6, 46
"""Px for the mark before a name, between the steps, and for how long a step took, so that nothing moves."""


class Steps(QWidget):
    """The steps in one row: mark, name, and how long it took; what came of each is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[StepView, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Start")

    def show_steps(self, steps: tuple[StepView, ...]) -> None:
        if steps == self._steps:
            return
        self._steps = steps
        self.setAccessibleDescription(", ".join(f"{step.name}: {step.state} {step.result}".strip() for step in steps))
        self.setToolTip("\n".join(f"{step.name}: {step.result or step.state}" for step in steps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(round(sum(map(_width, self._steps))), _HEIGHT - 1)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_font())
        x, middle = 0.0, self.height() / 2
        for step in self._steps:
            paint_mark(painter, QPointF(x + 6, middle), step)
            area = QRectF(x + _MARK, 0, _width(step) - _MARK, self.height())
            painter.setPen(colour("tx2" if step.state == "waiting" else "tx0"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, step.name)
            painter.setPen(colour("tx2"))
            area.setLeft(area.left() + _metrics().horizontalAdvance(step.name) + _GAP)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, took(step))
            x += _width(step)
        painter.end()


class StartStrip(QWidget):
    """Stands under the top bar until the program has come up; says how old what is shown is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "start_strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self.steps = Steps(self)
        self.known = ElidedLabel("", parent=self)
        self.known.setProperty("tone", "secondary")
        self.known.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 1)
        row.setSpacing(12)
        row.addWidget(self.steps)
        row.addWidget(self.known, 1)
        self.hide()

    def show_known(self, text: str) -> None:
        """From when what is shown is; an empty text says that it is of now, and hides the strip."""
        if text != self.known.text():
            self.known.setText(text)
        self.setVisible(bool(text))


def _font() -> QFont:
    return ui_font(active().type.label)


def _metrics() -> QFontMetricsF:
    return QFontMetricsF(_font())


def _width(step: StepView) -> float:
    return _MARK + _metrics().horizontalAdvance(step.name) + _GAP + _TOOK + _GAP
