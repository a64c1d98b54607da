"""The track of the time line: what happened when, and a hand that can be dragged to any moment of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from PyQt6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from services.core.words import counted
from widgets.parts.text.times import clock_time, full_time
from widgets.states.marks import TimeLine
from widgets.theme import colour, tint

_PAD = 8
_THROTTLE_MS = 120  # a past moment is read from disk: while the hand is dragged, a few a second are enough
_SHAPES = {"decision": ("accent", 5), "restart": ("warn", 7), "failure": ("bad", 9), "alert": ("bad", 11)}
_NEAR = 5  # px from a mark at which its text is told


class TimeTrack(QWidget):
    """Left and Right step from happening to happening, Page Up and Down an eighth of the line; End is now."""

    wanted = pyqtSignal(object)  # a moment, or None for now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Time line")
        self._line: TimeLine | None = None
        self._moment: datetime | None = None
        self._asked: datetime | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_THROTTLE_MS)
        self._soon.timeout.connect(lambda: self.wanted.emit(self._asked))

    def show_line(self, line: TimeLine, moment: datetime | None) -> None:
        """The time there is, and the moment that is shown; None is now."""
        if (line, moment) == (self._line, self._moment):
            return
        self._line = line
        if not self._soon.isActive():
            self._moment = moment
        told = full_time(moment) if moment else "now"
        self.setAccessibleDescription(f"{counted(len(line.marks), 'happening')}; shown: {told}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(400, 26)

    def go(self, moment: datetime | None) -> None:
        """Move the hand; whoever knows the past is asked a moment later."""
        if self._line is None:
            return
        if moment is not None:
            moment = None if moment >= self._line.end else max(moment, self._line.begin)
        self._asked = self._moment = moment
        if not self._soon.isActive():
            self._soon.start()
        self.update()

    def x_of(self, moment: datetime) -> float:
        """Where a moment is on the track, in px."""
        if self._line is None:
            return 0.0
        part = (moment - self._line.begin) / (self._line.end - self._line.begin)
        return _PAD + part * (self.width() - 2 * _PAD)

    # What a person does

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        self._drag(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is None or self._line is None:
            return
        eighth = (self._line.end - self._line.begin) / 8
        here = self._moment or self._line.end
        match event.key():
            case Qt.Key.Key_Left:
                self.go(max((at for at in self._times() if at < here), default=self._line.begin))
            case Qt.Key.Key_Right:
                self.go(min((at for at in self._times() if at > here), default=None))
            case Qt.Key.Key_PageUp:
                self.go(here - eighth)
            case Qt.Key.Key_PageDown:
                self.go(here + eighth)
            case Qt.Key.Key_Home:
                self.go(self._line.begin)
            case Qt.Key.Key_End:
                self.go(None)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _drag(self, event: QMouseEvent | None) -> None:
        if event is not None and self._line is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.go(self._moment_at(event.position().x()))

    def _times(self) -> list[datetime]:
        # A happening is shown as of just after it.
        marks = self._line.marks if self._line else ()
        return [mark.at.replace(microsecond=0) + timedelta(seconds=1) for mark in marks]

    def _moment_at(self, x: float) -> datetime:
        assert self._line is not None
        part = min(1.0, max(0.0, (x - _PAD) / max(1, self.width() - 2 * _PAD)))
        return self._line.begin + part * (self._line.end - self._line.begin)

    def _told_at(self, x: int) -> str:
        if self._line is None:
            return ""
        near = [mark for mark in self._line.marks if abs(self.x_of(mark.at) - x) <= _NEAR]
        told = [f"{clock_time(mark.at, self._line.end)} {mark.text}" for mark in near[-6:]]
        return "\n".join(told) or clock_time(self._moment_at(x), self._line.end)

    # How it looks

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        if self._line is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(QPen(colour("line2"), 2))
        painter.drawLine(QPointF(_PAD, middle), QPointF(self.width() - _PAD, middle))
        for mark in self._line.marks:
            role, height = _SHAPES[mark.kind]
            painter.setPen(QPen(tint(role, 0.55, "bg0") if mark.kind == "decision" else colour(role), 1.5))
            x = self.x_of(mark.at)
            painter.drawLine(QPointF(x, middle - height / 2), QPointF(x, middle + height / 2))
        self._paint_hand(painter, middle)
        painter.end()

    def _paint_hand(self, painter: QPainter, middle: float) -> None:
        x = self.x_of(self._moment) if self._moment else float(self.width() - _PAD)
        painter.setPen(QPen(colour("tx0" if self.hasFocus() else "bg0"), 1.5))
        painter.setBrush(colour("warn" if self._moment else "accent"))
        painter.drawEllipse(QPointF(x, middle), 5.5, 5.5)
