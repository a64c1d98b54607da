"""Page 0 of the window: what the start is doing, step by step. Needs QtWidgets and nothing heavier."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.frame.views import FailureView, StepView
from widgets.parts.panels.error_state import ErrorState, ErrorView
from widgets.theme import code_font, colour, icon_pixmap, ui_font
from widgets.theme.fonts import STRONG

SPLASH_SIZE = QSize(560, 380)
_MARGIN, _FIRST_ROW, _ROW = 40, 126, 30
_RESULT_X = 172


class SplashPage(QWidget):
    """Steps tick as they are told; a failed one says what failed and how to go on."""

    chosen = pyqtSignal(str)  # the id of an offer of the failure

    def __init__(self, name: str = "Dreamscape", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._steps: tuple[StepView, ...] = ()
        self._failure: ErrorState | None = None
        self._opacity = 1.0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 0, 24, 20)
        self._column.addStretch(1)
        self.setAccessibleName(name)

    @property
    def steps(self) -> tuple[StepView, ...]:
        return self._steps

    @property
    def failure(self) -> ErrorState | None:
        return self._failure

    def show_steps(self, steps: tuple[StepView, ...]) -> None:
        self._steps = steps
        said = [f"{step.name}: {step.state} {step.result}".strip() for step in steps]
        self.setAccessibleDescription(", ".join(said))
        self.updateGeometry()
        self.update()

    def show_failure(self, view: FailureView) -> None:
        """Say why the start stopped; the steps stay to be read."""
        self.clear_failure()
        shown = ErrorView(view.what, view.why, view.what_to_do, view.details, view.offers)
        self._failure = ErrorState(shown, self)
        self._failure.chosen.connect(self.chosen)
        self._column.addWidget(self._failure)
        self._failure.show()
        self.updateGeometry()

    def clear_failure(self) -> None:
        if self._failure is not None:
            self._failure.hide()
            self._failure.deleteLater()
            self._failure = None

    def fade(self, opacity: float) -> None:
        """How much of the page is still seen, 1 to 0, while the window grows."""
        self._opacity = opacity
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        below = self._failure.sizeHint().height() if self._failure else 40
        height = _FIRST_ROW + len(self._steps) * _ROW + below + 20
        return QSize(SPLASH_SIZE.width(), max(SPLASH_SIZE.height(), height))

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg1"))
        painter.setOpacity(self._opacity)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # While the window grows the page stays a column in its middle.
        painter.translate(max(0, (self.width() - SPLASH_SIZE.width()) / 2), 0)
        self._paint_head(painter)
        for place, step in enumerate(self._steps):
            _paint_step(painter, _FIRST_ROW + place * _ROW, step)
        if self._steps and self._failure is None:
            self._paint_bar(painter, _FIRST_ROW + len(self._steps) * _ROW + 5)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        mark = icon_pixmap("dreamscape", "accent", 40, self.devicePixelRatioF())
        painter.drawPixmap(_MARGIN, 40, mark)
        painter.setFont(ui_font(22, STRONG))
        painter.setPen(colour("tx0"))
        painter.drawText(QPointF(94, 59), self._name)

    def _paint_bar(self, painter: QPainter, y: int) -> None:
        width = SPLASH_SIZE.width() - 2 * _MARGIN
        done = sum(_share(step) for step in self._steps) / len(self._steps)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("bg3"))
        painter.drawRoundedRect(QRectF(_MARGIN, y, width, 4), 2, 2)
        painter.setBrush(colour("accent"))
        painter.drawRoundedRect(QRectF(_MARGIN, y, width * done, 4), 2, 2)


def _share(step: StepView) -> float:
    return {"done": 1.0, "running": 0.5}.get(step.state, 0.0)


def _paint_step(painter: QPainter, middle: int, step: StepView) -> None:
    centre = QPointF(_MARGIN + 6, middle)
    paint_mark(painter, centre, step)
    row = QRectF(0, middle - _ROW / 2, SPLASH_SIZE.width(), _ROW)
    painter.setFont(ui_font())
    painter.setPen(colour({"waiting": "tx2", "failed": "bad"}.get(step.state, "tx0")))
    painter.drawText(row.adjusted(62, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, step.name)
    painter.setPen(colour("bad" if step.state == "failed" else "tx1"))
    painter.drawText(row.adjusted(_RESULT_X, 0, -110, 0), Qt.AlignmentFlag.AlignVCenter, step.result)
    painter.setFont(code_font())
    painter.setPen(colour("tx2"))
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(row.adjusted(0, 0, -_MARGIN, 0), right, took(step))


def took(step: StepView) -> str:
    if step.state == "running":
        return "…"
    if step.seconds is None:
        return ""
    return f"{step.seconds * 1000:.0f} ms" if step.seconds < 1 else f"{step.seconds:.1f} s"


def paint_mark(painter: QPainter, centre: QPointF, step: StepView) -> None:
    """Tick, half disc, ring or cross: the state by shape."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match step.state:
        case "done":
            painter.setPen(_stroke("ok"))
            tick = ((-4.0, 0.0), (-1.0, 3.0), (4.5, -3.5))
            painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in tick]))
        case "failed":
            painter.setPen(_stroke("bad"))
            painter.drawLine(centre + QPointF(-3.5, -3.5), centre + QPointF(3.5, 3.5))
            painter.drawLine(centre + QPointF(-3.5, 3.5), centre + QPointF(3.5, -3.5))
        case "running":
            painter.setPen(QPen(colour("accent"), 1.2))
            painter.drawEllipse(centre, 4.5, 4.5)
            painter.setBrush(colour("accent"))
            painter.drawPie(QRectF(centre.x() - 4.5, centre.y() - 4.5, 9, 9), 90 * 16, 180 * 16)
        case "waiting":
            painter.setPen(QPen(colour("tx2"), 1.2))
            painter.drawEllipse(centre, 4.5, 4.5)


def _stroke(role: str) -> QPen:
    return QPen(colour(role), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
