"""Text in one of the few ways that text is set."""

from __future__ import annotations

from typing import Literal, TypeVar

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QLabel, QWidget

from services.core.plain import plain
from widgets.parts.text.wrapped import WrappedLabel

Tone = Literal["", "secondary", "hint", "bad"]
Size = Literal["", "label", "small", "title"]
Weight = Literal["", "medium", "strong"]
Label = TypeVar("Label", bound=QLabel)


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
    if wrap:
        return dressed(WrappedLabel(text, parent), tone, size, weight)
    label = QLabel(plain(text), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return dressed(label, tone, size, weight)


def dressed(label: Label, tone: Tone = "", size: Size = "", weight: Weight = "") -> Label:
    """A label of any kind, set as the style sheet knows it; returns the same one."""
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
