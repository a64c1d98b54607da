"""A panel over the window: no dialog, no second event loop, Esc closes it and focus goes back."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QFrame, QWidget

_VEIL_ALPHA = 140


class Overlay(QWidget):
    """Covers its parent with a veil and holds one panel near the top."""

    closed = pyqtSignal()

    def __init__(self, parent: QWidget, width: int) -> None:
        super().__init__(parent)
        self._width = width
        self._back: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setProperty("part", "panel")
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show over the parent and remember who had the focus."""
        self._back = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()

    def close_panel(self) -> None:
        """Hide and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._back is not None and self._back.isVisible():
            self._back.setFocus()
        self._back = None
        self.closed.emit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        if event is not None and not self.panel.geometry().contains(event.position().toPoint()):
            self.close_panel()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Tab stays inside while the window is covered."""
        inside = [w for w in self.panel.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        inside = [widget for widget in inside if widget.isVisible()]
        if inside:
            now = QApplication.focusWidget()
            place = inside.index(now) if now in inside else -1
            inside[(place + (1 if forward else -1)) % len(inside)].setFocus()
        return True

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, _VEIL_ALPHA))
        painter.end()

    def panel_height(self) -> int:
        """How high the panel wants to be."""
        return self.panel.sizeHint().height()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        width = min(self._width, self.width() - 48)
        height = min(self.panel_height(), self.height() - 120)
        self.panel.setGeometry((self.width() - width) // 2, 56, width, height)
