"""A unified diff as coloured lines that can be selected and copied."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextFormat
from PyQt6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from services.core.words import counted
from widgets.theme import code_font, colour, tint

_MOST_LINES = 18  # beyond them it scrolls
_GROUNDS = {"+": ("ok", 0.16), "-": ("bad", 0.16), "@": ("info", 0.10)}
_PADDING = 22


class DiffText(QPlainTextEdit):
    """Added, removed and hunk lines have a ground over the whole width; their signs say the same without colour."""

    def __init__(self, text: str, name: str = "Diff", parent: QWidget | None = None) -> None:
        super().__init__(text.rstrip("\n"), parent)
        self.setReadOnly(True)
        self.setProperty("mono", "true")
        self.setFont(code_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        added, removed = counts(text)
        self.setAccessibleName(f"{name}: {counted(added, 'line')} added, {removed} removed")
        self._fit()
        self._colour()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _fit(self) -> None:
        lines = min(_MOST_LINES, max(1, self.blockCount()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + _PADDING)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if self.blockCount() > _MOST_LINES
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )

    def _colour(self) -> None:
        document = self.document()
        block = document.firstBlock() if document is not None else QTextBlock()
        marks = []
        while block.isValid():
            ground = _ground(block.text())
            if ground is not None:
                marks.append(_mark(block, ground))
            block = block.next()
        self.setExtraSelections(marks)


def counts(text: str) -> tuple[int, int]:
    """Lines added and removed."""
    lines = text.splitlines()
    added = sum(1 for line in lines if line.startswith("+") and not line.startswith("+++ "))
    removed = sum(1 for line in lines if line.startswith("-") and not line.startswith("--- "))
    return added, removed


def _ground(line: str) -> QColor | None:
    if line.startswith(("+++ ", "--- ")):
        return None
    role, part = _GROUNDS.get(line[:1], ("", 0.0))
    return tint(role, part, "bg2") if role else None


def _mark(block: QTextBlock, ground: QColor) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    look = QTextCharFormat()
    look.setBackground(ground)
    look.setForeground(colour("tx0"))
    look.setProperty(QTextFormat.Property.FullWidthSelection, True)
    mark.format = look
    mark.cursor = QTextCursor(block)
    return mark
