"""Which theme is in use, and the change from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication, QStyleHints
from PyQt6.QtWidgets import QApplication, QStyleFactory

from resources.theme import Theme, ThemeName, load_theme, mix
from widgets.theme.palette import palette
from widgets.theme.sheet import style_sheet

Choice = Literal["system", "dark", "light"]

_DEFAULT: ThemeName = "dark"
_in_use: list[Theme] = []


def active() -> Theme:
    """The theme in use; the dark one before any was chosen, so that a part works alone."""
    return _in_use[-1] if _in_use else load_theme(_DEFAULT)


def colour(role: str) -> QColor:
    """The active theme's colour for `role`. Raises LookupError for a name that is no role."""
    return _role(active().name, role)


def tint(role: str, part: float, ground: str = "bg1") -> QColor:
    """`part` (0 to 1) of the role's colour over a ground: the opaque background of a chip or a marked row."""
    return _tint(active().name, role, part, ground)


def use_theme(application: QApplication, name: ThemeName) -> None:
    """Dress the whole application; every visible widget repaints once, and none where it is dressed so already."""
    theme = load_theme(name)
    _in_use[:] = [theme]
    sheet = style_sheet(theme)
    if application.styleSheet() == sheet:
        return
    if application.style() is None or not isinstance(application.property("dressed"), bool):
        application.setStyle(QStyleFactory.create("Fusion"))
        application.setProperty("dressed", True)
    application.setPalette(palette(theme))
    application.setStyleSheet(sheet)


def wanted_theme(choice: Choice) -> ThemeName:
    """The theme that a setting asks for; `system` follows the desktop, and is dark where it does not say."""
    if choice != "system":
        return choice
    hints = QGuiApplication.styleHints()
    light = hints is not None and hints.colorScheme() is Qt.ColorScheme.Light
    return "light" if light else _DEFAULT


def follow_system(changed: Callable[[], None]) -> None:
    """Call `changed` whenever the desktop switches between dark and light; ends with the object whose method it is."""
    hints = QGuiApplication.styleHints()
    if isinstance(hints, QStyleHints):
        hints.colorSchemeChanged.connect(changed)


@lru_cache(maxsize=256)
def _role(theme: ThemeName, role: str) -> QColor:
    return QColor(load_theme(theme).colours.role(role))


@lru_cache(maxsize=256)
def _tint(theme: ThemeName, role: str, part: float, ground: str) -> QColor:
    colours = load_theme(theme).colours
    return QColor(mix(colours.role(role), colours.role(ground), part))
