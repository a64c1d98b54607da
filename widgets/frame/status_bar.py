"""The bottom line: how fast, how late, how talkative, and why this environment."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.frame.views import FrameView
from widgets.parts.status import Status, draw_status
from widgets.theme import active, colour, ui_font
from widgets.theme.fonts import REGULAR, STRONG


class Measure(QWidget):
    """`before value after`, the value strong. It grows to its text and does not shrink, so nothing jumps.

    `shrinks` is for a text that seldom changes.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, shrinks: bool = False) -> None:
        super().__init__(parent)
        self._shrinks = shrinks
        self._texts = ("", "", "")
        self._status: Status | None = None
        self._width = 0
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_texts(self, before: str, value: str, after: str = "", status: Status | None = None) -> None:
        if ((before, value, after), status) == (self._texts, self._status):
            return
        self._texts, self._status = (before, value, after), status
        self.setAccessibleName(f"{self._name}: {before} {value} {after}".replace("  ", " ").strip())
        wanted = round(sum(width for _text, _font, width in self._pieces())) + 1 + (14 if status else 0)
        if wanted > self._width or (self._shrinks and wanted != self._width):
            self._width = wanted
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._width, 24)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        x = 0.0
        if self._status:
            draw_status(painter, QPointF(4, self.height() / 2), 8, self._status)
            x = 14.0
        for place, (text, strong, width) in enumerate(self._pieces()):
            painter.setFont(_font(strong))
            painter.setPen(colour("tx1" if place == 1 else "tx2"))
            area = QRectF(x, 0, width + 1, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
            x += width
        painter.end()

    def _pieces(self) -> list[tuple[str, bool, float]]:
        before, value, after = self._texts
        texts = (f"{before} " if before else "", value, f" {after}" if after else "")
        pieces = zip(texts, (False, True, False), strict=True)
        return [(text, strong, _metrics(strong).horizontalAdvance(text)) for text, strong in pieces]


def _font(strong: bool) -> QFont:
    return ui_font(active().type.small, STRONG if strong else REGULAR)


def _metrics(strong: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(strong))


class StatusBar(QWidget):
    """Measures on the left, environment and clock on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "status_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(27)
        self.processes = Measure("Processes", self, shrinks=True)
        self.of_now = Measure("The rest", self, shrinks=True)
        self.events = Measure("Events", self)
        self.frames = Measure("Frame time", self)
        self.journal = Measure("Journal", self)
        self.level = Measure("Log level", self)
        self.stalls = Measure("Stalls of the window", self, shrinks=True)
        self.abandoned = Measure("Threads given up", self, shrinks=True)
        self.environment = Measure("Environment", self, shrinks=True)
        self.clock = Measure("Clock", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(18)
        measures = (self.events, self.frames, self.journal, self.level, self.stalls, self.abandoned)
        for left in (self.processes, self.of_now, *measures):
            row.addWidget(left)
        row.addStretch(1)
        self.environment.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self.environment.setMinimumWidth(60)
        row.addWidget(self.environment)
        row.addWidget(self.clock)

    def show_view(self, view: FrameView) -> None:
        then = f"processes at {view.moment}" if view.moment else "processes"
        self.processes.show_texts("", str(view.processes), then, view.health.status)
        self.of_now.setVisible(bool(view.moment))
        self.of_now.show_texts("", "Now:" if view.moment else "")
        self.events.show_texts("events", f"{view.events_per_second:,.0f}/s")
        self.frames.show_texts("frame p99", f"{view.frame_p99_ms:.0f} ms", status=view.frame_status)
        self.journal.show_texts("journal lag", f"{view.journal_lag_ms:,.0f} ms", status=view.journal_status)
        by = f"({view.log_level_by})" if view.log_level_by else ""
        self.level.show_texts("log level", view.log_level, by)
        _show_trouble(self.stalls, view.stalls, ("stall", "stalls"), view.stall_tip)
        _show_trouble(self.abandoned, view.abandoned, ("thread given up", "threads given up"), view.abandoned_tip)
        environment = view.environment
        because = f"· {environment.because}" if environment.because else ""
        self.environment.show_texts("env" if environment.name else "", environment.name, because)
        self.environment.setToolTip(environment.because)
        self.clock.show_texts("", "", view.clock)
        self.clock.setToolTip(view.clock_tip)


def _show_trouble(measure: Measure, count: int, words: tuple[str, str], tip: str) -> None:
    """A count that is there only where there is something to count."""
    measure.setVisible(count > 0)
    measure.show_texts("", f"{count:,}", words[count != 1], Status.WARN)
    measure.setToolTip(tip)
