"""The edge around a list that has the keyboard, where no row of it shows that."""

from __future__ import annotations

from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QAbstractScrollArea

from widgets.theme import colour


def paint_focus(area: QAbstractScrollArea) -> None:
    """Draw it inside the viewport; to be called at the end of its paintEvent."""
    viewport = area.viewport()
    if viewport is None:
        return
    painter = QPainter(viewport)
    painter.setPen(colour("accent"))
    painter.drawRoundedRect(viewport.rect().adjusted(1, 1, -2, -2), 4, 4)
    painter.end()
