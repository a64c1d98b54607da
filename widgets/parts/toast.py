"""What was just done, told for some seconds over the status bar, with the way back or on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QEnterEvent, QMouseEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.labels import text_label

_STAYS_MS = 8000
_SIDE, _BELOW, _GAP = 16, 3, 8
_AT_MOST = 3
_LEAST = 280
"""Px under which an older toast rather waits than be squeezed beside a newer one."""
_BESIDE_WORDS = 130
"""Px that what stands beside a toast's words takes, at most."""


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
    """One message; a click takes it away, and the mouse over it keeps it."""

    taken = pyqtSignal(str)
    over = pyqtSignal(QObject)

    def __init__(self, view: ToastView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "toast")
        self.setAccessibleName(view.text)
        self.view = view
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAYS_MS)
        self._timer.timeout.connect(self.end)
        self._words = text_label(view.text, size="label")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 5, 3)
        row.setSpacing(8)
        row.addWidget(StatusDot(view.status, self))
        row.addWidget(self._words)
        if view.offer:
            self.button = ActionButton(view.offer, "link", tip=view.tip, parent=self)
            self.button.clicked.connect(self._take)
            row.addWidget(self.button)
        close = ActionButton("", "quiet", icon_name="close", dense=True, tip="Dismiss (Esc)", parent=self)
        close.clicked.connect(self.end)
        row.addWidget(close)

    def fit(self, room: int) -> None:
        """Take one line where the words have ``room`` px for it, else as many as they need."""
        widest = room - _BESIDE_WORDS
        wraps = _line(self._words) > widest
        self._words.setWordWrap(wraps)
        self._words.setFixedWidth(widest if wraps else _line(self._words))
        self.adjustSize()

    def stay(self) -> None:
        """Be seen for the full time from now on."""
        self._timer.start()

    def wait(self) -> None:
        """Others have the room: the time goes on when it is seen again."""
        self._timer.stop()
        self.hide()

    def enterEvent(self, event: QEnterEvent | None) -> None:  # noqa: N802
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:  # noqa: N802
        self._timer.start()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self.end()

    def end(self) -> None:
        """Its time is over; whoever stacks it takes it away."""
        self._timer.stop()
        self.over.emit(self)

    def _take(self) -> None:
        self.taken.emit(self.view.id)
        self.end()


def _line(words: QLabel) -> int:
    """Px of the words in one line."""
    return words.fontMetrics().horizontalAdvance(words.text()) + 2


class ToastStack(QObject):
    """The toasts of one window, in a row over its status bar, where they cover nothing that is read for long.

    The newest is always seen, at the right; an older one that has no room beside it waits until there is.
    """

    taken = pyqtSignal(str)

    def __init__(self, window: QWidget, band: int = 27) -> None:
        """``band`` is the height of the status bar."""
        super().__init__(window)
        self._window, self._band = window, band
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    @property
    def shown(self) -> tuple[Toast, ...]:
        """Oldest first, with those that wait for room."""
        return tuple(self._toasts)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(toast.view.text for toast in self._toasts)

    def show_toast(self, view: ToastView) -> None:
        """Tell something; what is told already, and has nothing to take back, is told on in the same place."""
        same = next((toast for toast in self._toasts if toast.view == view and not view.offer), None)
        if same is not None:
            same.stay()
            return
        toast = Toast(view, self._window)
        toast.taken.connect(self.taken)
        toast.over.connect(self._remove)
        self._toasts.append(toast)
        while len(self._toasts) > _AT_MOST:
            self._remove(self._toasts[0])
        self._arrange()

    def dismiss(self) -> bool:
        """Take the newest away; tells whether there was one."""
        if self._toasts:
            self._toasts[-1].end()
            return True
        return False

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
        right = self._window.width() - _SIDE
        for toast in reversed(self._toasts):
            room = right - _SIDE
            toast.fit(max(room, _LEAST))
            fits = toast.width() <= room and toast.height() + _BELOW <= self._band + _SIDE
            if not fits and toast is not self._toasts[-1]:
                toast.wait()
                right = 0  # those before it wait too: they are seen in the order in which they came
                continue
            toast.move(right - toast.width(), self._window.height() - _BELOW - toast.height())
            if toast.isHidden():
                toast.show()
                toast.stay()
            toast.raise_()
            right -= toast.width() + _GAP
