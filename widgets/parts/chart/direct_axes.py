"""Axes that paint themselves without a picture in between: its fonts are made anew whenever that is played.

What is painted is worked out once, and kept until pyqtgraph says that it has changed.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PyQt6.QtGui import QPainter

_KEPT = object()
"""Stands where pyqtgraph keeps the picture; it puts None there when something has changed."""


class _Direct:
    picture: Any
    style: dict[str, Any]
    _drawn: Any = None

    def paint(self, painter: QPainter, *_args: Any) -> None:
        painter.save()
        if self.picture is None:
            if self.style["tickFont"]:
                painter.setFont(self.style["tickFont"])
            self._drawn = self.generateDrawSpecs(painter)  # type: ignore[attr-defined]  # of the axis beside it
            self.picture = _KEPT
        if self._drawn is not None:
            self.drawPicture(painter, *self._drawn)  # type: ignore[attr-defined]
        painter.restore()


class ValueAxis(_Direct, pg.AxisItem):  # type: ignore[misc]  # pyqtgraph carries no types
    """Of numbers."""


class TimeAxis(_Direct, pg.DateAxisItem):  # type: ignore[misc]
    """Of moments, in seconds since 1970."""
