"""What was just done, told for some seconds in the corner, with the way back or on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QEnterEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QWidget

from widgets.parts.action_button import ActionButton
from widgets.parts.labels import text_label
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot

_STAYS_MS = 8000
_MARGIN = 16
_AT_MOST = 3
_WIDEST = 520  # px of words before they go on in another line


@dataclass(frozen=True, slots=True)
class ToastView:
    """`id` comes back with `taken`; without an `offer` there is nothing to press."""

    id: str
    text: str
    offer: str = ""
    status: Status = Status.OK
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a message offers: the word on its button, and what a press does."""

    label: str
    do: Callable[[], object]
    tip: str = ""


class Toast(QFrame):
    """One message; the mouse over it keeps it."""

    taken = pyqtSignal(str)
    over = pyqtSignal(QObject)

    def __init__(self, view: ToastView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "toast")
        self.setAccessibleName(view.text)
        self._id = view.id
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(StatusDot(view.status, self))
        words = text_label(view.text, size="label")
        if words.sizeHint().width() > _WIDEST:
            words.setWordWrap(True)
            words.setFixedWidth(_WIDEST)
        row.addWidget(words)
        row.addSpacing(8)
        if view.offer:
            self.button = ActionButton(view.offer, "link", tip=view.tip, parent=self)
            self.button.clicked.connect(self._take)
            row.addWidget(self.button)
        close = ActionButton("", "quiet", icon_name="close", dense=True, tip="Dismiss", parent=self)
        close.clicked.connect(self.end)
        row.addWidget(close)
        self._timer.start(_STAYS_MS)

    def enterEvent(self, event: QEnterEvent | None) -> None:  # noqa: N802
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:  # noqa: N802
        self._timer.start(_STAYS_MS)
        super().leaveEvent(event)

    def end(self) -> None:
        """Its time is over; whoever stacks it takes it away."""
        self._timer.stop()
        self.over.emit(self)

    def _take(self) -> None:
        self.taken.emit(self._id)
        self.end()


class ToastStack(QObject):
    """The toasts of one window, newest at the bottom right; never more than three."""

    taken = pyqtSignal(str)

    def __init__(self, window: QWidget, above: int = 28) -> None:
        super().__init__(window)
        self._window, self._above = window, above
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    @property
    def shown(self) -> tuple[Toast, ...]:
        return tuple(self._toasts)

    def show_toast(self, view: ToastView) -> None:
        toast = Toast(view, self._window)
        toast.taken.connect(self.taken)
        toast.over.connect(self._remove)
        self._toasts.append(toast)
        while len(self._toasts) > _AT_MOST:
            self._remove(self._toasts[0])
        toast.show()
        self._arrange()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if event is not None and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _remove(self, toast: QObject) -> None:
        if isinstance(toast, Toast) and toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        bottom = self._window.height() - self._above - _MARGIN
        for toast in reversed(self._toasts):
            size = toast.sizeHint()
            bottom -= size.height()
            toast.setGeometry(self._window.width() - size.width() - _MARGIN, bottom, size.width(), size.height())
            toast.raise_()
            bottom -= 8
