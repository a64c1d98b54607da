"""Icons tinted at load: one drawing per icon, colour, size and pixel ratio, kept."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QByteArray, QRectF, Qt
from PyQt6.QtGui import QIcon, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from resources.icons import icon_svg
from widgets.theme.active import active

_RATIOS = (1.0, 1.5, 2.0)
_APP_SIZES = (16, 24, 32, 48, 64, 128)


def icon(name: str, role: str = "tx1", size: int = 16, gap: int = 0) -> QIcon:
    """The icon `name` in the role's colour, sharp at the usual scales. Raises LookupError if unknown.

    `gap` px of nothing follow it, because Qt sets the words of a button too near.
    """
    made = QIcon()
    colours = active().colours
    for ratio in _RATIOS:
        made.addPixmap(_drawn(name, colours.role(role), size, ratio, gap))
        made.addPixmap(_drawn(name, colours.tx2, size, ratio, gap), QIcon.Mode.Disabled)
    return made


def icon_pixmap(name: str, role: str, size: int, ratio: float) -> QPixmap:
    """One drawing, for widgets that paint themselves; `ratio` is the screen's device pixel ratio."""
    return _drawn(name, active().colours.role(role), size, ratio)


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """Dreamscape's own mark for windows, docks and task bars."""
    made = QIcon()
    for size in _APP_SIZES:
        made.addPixmap(_drawn("dreamscape", "#000000", size, 1.0))
    return made


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float, gap: int = 0) -> QPixmap:
    svg = icon_svg(name).replace("currentColor", colour)
    pixmap = QPixmap(round((size + gap) * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
