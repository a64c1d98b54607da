"""The faces of one place: its content, and what stands there while there is none."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from widgets.parts.panels.empty_state import EmptyState, Offer
from widgets.parts.panels.error_state import ErrorState, ErrorView
from widgets.parts.text.labels import text_label

LOADING_AFTER_MS = 300


class Faces(QStackedWidget):
    """Shows the content until told otherwise; `chosen` says which offer of a face was taken."""

    chosen = pyqtSignal(str)

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.addWidget(content)
        self._waiting = ""
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(LOADING_AFTER_MS)
        self._delay.timeout.connect(self.show_waiting)

    def show_content(self) -> None:
        """The content is there."""
        self._delay.stop()
        self.setCurrentWidget(self.content)
        self._drop_others()

    def show_empty(self, title: str, sentence: str, offers: tuple[Offer, ...] = ()) -> None:
        """Nothing is there yet: what will be, and how to start it."""
        state = EmptyState(title, sentence, offers, self)
        state.chosen.connect(self.chosen)
        self._show(state)

    def show_error(self, view: ErrorView) -> None:
        """It cannot be shown: what, why and what to do."""
        state = ErrorState(view, self)
        state.chosen.connect(self.chosen)
        self._show(_at_the_top(state))

    def show_loading(self, text: str) -> None:
        """It is being fetched. What takes no longer than a blink shows no sign of it."""
        self._waiting = text
        self._delay.start()

    def show_waiting(self) -> None:
        """The fetching has taken a while: say so."""
        label = text_label(self._waiting, "hint", "label")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._show(label)

    def _show(self, face: QWidget) -> None:
        self._delay.stop()
        self.addWidget(face)
        self.setCurrentWidget(face)
        self._drop_others()

    def _drop_others(self) -> None:
        for place in reversed(range(self.count())):
            face = self.widget(place)
            if face is not None and face is not self.content and face is not self.currentWidget():
                self.removeWidget(face)
                face.deleteLater()


def _at_the_top(state: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(12, 12, 12, 12)
    column.addWidget(state)
    column.addStretch(1)
    return holder
