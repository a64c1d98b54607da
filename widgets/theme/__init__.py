"""The active theme as Qt wants it: palette, style sheet, fonts, tinted icons.

Parts that paint themselves ask `colour(role)` while painting; Qt tells every widget of a change of
theme (PaletteChange), so nothing has to subscribe.
"""

from widgets.theme.active import active, colour, follow_system, tint, use_theme, wanted_theme
from widgets.theme.fonts import code_font, load_fonts, ui_font
from widgets.theme.icons import app_icon, icon, icon_pixmap

__all__ = [
    "active",
    "app_icon",
    "code_font",
    "colour",
    "follow_system",
    "icon",
    "icon_pixmap",
    "load_fonts",
    "tint",
    "ui_font",
    "use_theme",
    "wanted_theme",
]
