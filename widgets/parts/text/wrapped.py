"""A paragraph that goes on in the next line wherever it must: within a path, an id or an address too."""

from __future__ import annotations

import re

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QLabel, QMenu, QWidget

from services.core.plain import plain

_MAY_BREAK = "\u200b"  # the zero-width space
_LONG = re.compile(r"\S{20,}")
_PIECE = re.compile(r".{6}")


class WrappedLabel(QLabel):
    """Qt breaks between words alone; here long words may break too, and what is read or copied has no trace of it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str | None) -> None:  # noqa: N802
        whole = plain(text or "")
        if whole != self.text():
            super().setText(_LONG.sub(_with_breaks, whole))
            self.setAccessibleName(whole)

    def text(self) -> str:
        return _plain(super().text())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:  # noqa: N802
        selectable = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        if event is not None and selectable:
            self._open_menu(event.globalPos())

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy, whole = menu.addAction("Copy\tCtrl+C"), menu.addAction("Select all")
        if copy is not None and whole is not None:
            copy.setEnabled(self.hasSelectedText())
            copy.triggered.connect(self._copy)
            whole.triggered.connect(lambda: self.setSelection(0, len(super(WrappedLabel, self).text())))
        menu.popup(place)

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None and self.hasSelectedText():
            clipboard.setText(_plain(self.selectedText()))


def _with_breaks(word: re.Match[str]) -> str:
    return _PIECE.sub(lambda piece: piece[0] + _MAY_BREAK, word[0])


def _plain(text: str) -> str:
    return text.replace(_MAY_BREAK, "")
