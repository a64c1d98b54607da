"""The shipped fonts, with figures of equal width so that a changing number moves nothing."""

from __future__ import annotations

import logging
from functools import lru_cache

from PyQt6.QtGui import QFont, QFontDatabase
from PyQt6.QtWidgets import QApplication

from resources.fonts import font_files
from widgets.theme.active import active

_log = logging.getLogger(__name__)

REGULAR, MEDIUM, STRONG = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


def load_fonts(application: QApplication) -> tuple[str, ...]:
    """Register the shipped fonts and make Inter the application's. Returns the files Qt refused, if any."""
    refused = tuple(name for name, data in font_files() if QFontDatabase.addApplicationFontFromData(data) < 0)
    for name in refused:
        _log.warning("the font %s could not be loaded; the system's own is used instead", name)
    _font.cache_clear()
    application.setFont(ui_font())
    return refused


def ui_font(size: int | None = None, weight: QFont.Weight = REGULAR) -> QFont:
    """Inter at `size` px (the body size if none), tabular figures."""
    kind = active().type
    return _font(kind.sans, size or kind.body, weight)


def code_font(size: int | None = None) -> QFont:
    """JetBrains Mono at `size` px (the code size if none), for code, logs and clock times."""
    kind = active().type
    return _font(kind.mono, size or kind.code, REGULAR)


@lru_cache(maxsize=64)
def _font(family: str, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
