"""A column that scrolls when it is too high, with its wrapped sentences shown whole."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


class Scrolled(QScrollArea):
    """A scroll area asks its content how low it can be, not how low at this width, and would cut what wraps."""

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)
        # Resized while it is being laid out, the body would keep what was placed for its size before.
        self._placed = QTimer(self)
        self._placed.setSingleShot(True)
        self._placed.setInterval(0)
        self._placed.timeout.connect(self._place)
        body.installEventFilter(self)

    def sizeHint(self) -> QSize:  # noqa: N802
        body = self._body.sizeHint()
        return QSize(body.width(), max(body.height(), self._body.minimumHeight()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As wide as what it holds: nobody scrolls sideways."""
        own, bar = super().minimumSizeHint(), self.verticalScrollBar()
        beside = bar.sizeHint().width() if bar is not None else 0
        return QSize(self._body.minimumSizeHint().width() + beside, own.height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if watched is self._body and event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
            self.updateGeometry()
        if watched is self._body and event is not None and event.type() == QEvent.Type.Resize:
            self._placed.start()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        layout = self._body.layout()
        if layout is not None and layout.geometry() != self._body.contentsRect():
            layout.setGeometry(self._body.contentsRect())

    def _fit(self) -> None:
        layout, viewport = self._body.layout(), self.viewport()
        if layout is None or viewport is None or not layout.hasHeightForWidth():
            return
        height = layout.totalHeightForWidth(viewport.width())
        if height != self._body.minimumHeight():
            self._body.setMinimumHeight(height)
            self.updateGeometry()


def headed(headline: QWidget, beside: QWidget) -> tuple[QWidget, QVBoxLayout]:
    """The body of a pane, and its column, which begins with a headline and what stands at its end."""
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(14, 12, 14, 12)
    column.setSpacing(12)
    head = QHBoxLayout()
    head.addWidget(headline, 1)
    head.addWidget(beside)
    column.addLayout(head)
    return body, column
