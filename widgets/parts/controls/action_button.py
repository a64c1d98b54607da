"""A button that says at once that it was pressed, and then what came of it."""

from __future__ import annotations

from typing import Literal

from PyQt6.QtCore import QEvent, QSize, Qt, QTimer
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QPushButton, QWidget

from widgets.theme import icon

Variant = Literal["plain", "primary", "approve", "danger", "link", "quiet"]
State = Literal["ready", "working", "done", "failed"]

_ICON_ROLES = {
    "plain": "tx0",
    "primary": "on_accent",
    "approve": "ok",
    "danger": "bad",
    "link": "accent",
    "quiet": "tx1",
}
_ICON = 12
_DONE_FOR_MS = 1500


class ActionButton(QPushButton):
    """pressed, working, then done or failed. While it works a second press does nothing.

    It is grey meanwhile, unless the keyboard is on it: that would then go on to the next button.
    """

    def __init__(
        self,
        text: str,
        variant: Variant = "plain",
        *,
        icon_name: str = "",
        dense: bool = False,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._text, self._tip = text, tip
        self._variant, self._icon_name = variant, icon_name
        self._state: State = "ready"
        self.setProperty("variant", variant)
        self.setProperty("dense", dense)
        self.setAutoDefault(False)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.timeout.connect(self.reset)
        self._dress(text, tip)

    @property
    def state(self) -> State:
        return self._state

    def show_label(self, text: str, icon_name: str = "", tip: str = "") -> None:
        """Another meaning for the same place, such as Resume for Pause."""
        self._text, self._icon_name, self._tip = text, icon_name, tip
        if self._state == "ready":
            self._dress(text, tip)

    def show_working(self, text: str = "") -> None:
        """The work has begun: it stays so until it is told the end."""
        self._become("working", text or f"{self._text}…", self._tip)

    def show_done(self, text: str = "Done") -> None:
        """It worked; after a moment the button is as before."""
        self._become("done", text, self._tip)
        self._back.start(_DONE_FOR_MS)

    def show_failed(self, text: str = "Failed", why: str = "") -> None:
        """It did not work; the reason is the tooltip, and it can be pressed again."""
        self._become("failed", text, why or self._tip)

    def reset(self) -> None:
        self._become("ready", self._text, self._tip)

    def event(self, event: QEvent | None) -> bool:
        """Swallow what would press it again while it works."""
        if event is not None and self._state == "working" and _presses(event):
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802
        super().focusOutEvent(event)
        if self._state == "working":
            self.setEnabled(False)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and self._icon_name:
            self._draw_icon()

    def _become(self, state: State, text: str, tip: str) -> None:
        self._back.stop()
        self._state = state
        self.setProperty("state", state)
        self.setEnabled(state != "working" or self.hasFocus())
        self._dress(text, tip)
        style = self.style()
        if style is not None:
            style.unpolish(self)
            style.polish(self)

    def _dress(self, text: str, tip: str) -> None:
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text or tip)
        self.setAccessibleDescription(tip)
        if self._icon_name:
            self._draw_icon()

    def _draw_icon(self) -> None:
        gap = 3 if self.text() else 0
        self.setIconSize(QSize(_ICON + gap, _ICON))
        self.setIcon(icon(self._icon_name, _ICON_ROLES[self._variant], _ICON, gap))


def _presses(event: QEvent) -> bool:
    """Whether a button would take this for being pressed."""
    if isinstance(event, QKeyEvent):
        return event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)
    return event.type() in (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
    )
