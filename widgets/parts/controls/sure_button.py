"""A dangerous button that asks first: the first press changes its words, the second one acts."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QWidget

from widgets.parts.controls.action_button import ActionButton

ASKS_FOR_MS = 6_000
"""How long it waits for the second press."""


class SureButton(ActionButton):
    """``sure`` says that it was pressed a second time. Escape, looking elsewhere or waiting takes the question back."""

    sure = pyqtSignal()

    def __init__(self, text: str, question: str, *, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "danger", tip=tip, parent=parent)
        self._calm, self._question, self._calm_tip = text, question, tip
        self._asking = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(ASKS_FOR_MS)
        self._patience.timeout.connect(self.take_back)
        self.clicked.connect(self._pressed)

    @property
    def asking(self) -> bool:
        return self._asking

    def take_back(self) -> None:
        """Ask no more."""
        if self._asking:
            self._asking = False
            self._patience.stop()
            self.show_label(self._calm, tip=self._calm_tip)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.take_back()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape and self._asking:
            self.take_back()
        else:
            super().keyPressEvent(event)

    def _pressed(self) -> None:
        if self._asking:
            self.take_back()
            self.sure.emit()
            return
        self._asking = True
        self.show_label(self._question, tip=f"{self._calm_tip}. Press again to do it, Esc to leave it")
        self._patience.start()
