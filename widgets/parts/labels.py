"""Text in one of the few ways that text is set."""

from __future__ import annotations

from typing import Literal

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QLabel, QWidget

Tone = Literal["", "secondary", "hint", "bad"]
Size = Literal["", "label", "small", "title"]
Weight = Literal["", "medium", "strong"]


def text_label(
    text: str,
    tone: Tone = "",
    size: Size = "",
    weight: Weight = "",
    *,
    wrap: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """Plain text always: what comes from outside is never read as markup."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    for name, value in (("tone", tone), ("scale", size), ("weight", weight)):
        if value:
            label.setProperty(name, value)
    return label


def section_label(text: str, parent: QWidget | None = None) -> QLabel:
    """A small heading over a group, in capitals as the rail has it."""
    label = text_label(text.upper(), tone="hint", size="small", parent=parent)
    label.setAccessibleName(text)
    font = label.font()
    font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.4)
    label.setFont(font)
    return label


def rule(parent: QWidget | None = None) -> QFrame:
    """A hairline between two rows."""
    line = QFrame(parent)
    line.setProperty("part", "rule")
    return line
