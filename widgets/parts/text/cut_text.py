"""What is cut for want of room is told whole in a tooltip."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QToolTip, QWidget


def tells_hidden(widget: QWidget, event: QEvent | None, hidden: Callable[[], str]) -> bool:
    """Answer the asking for a tooltip with what is hidden, unless the widget has one of its own; tells whether it did.

    ``hidden`` gives nothing where all can be read.
    """
    if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip or widget.toolTip():
        return False
    QToolTip.showText(event.globalPos(), hidden(), widget)
    return True
