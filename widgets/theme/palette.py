"""The tokens as a QPalette, for what Qt draws by itself: selections, placeholders, native dialogs."""

from PyQt6.QtGui import QColor, QPalette

from resources.theme import Theme

_ROLES = {
    QPalette.ColorRole.Window: "bg0",
    QPalette.ColorRole.WindowText: "tx0",
    QPalette.ColorRole.Base: "bg2",
    QPalette.ColorRole.AlternateBase: "bg1",
    QPalette.ColorRole.Text: "tx0",
    QPalette.ColorRole.PlaceholderText: "tx2",
    QPalette.ColorRole.Button: "bg2",
    QPalette.ColorRole.ButtonText: "tx0",
    QPalette.ColorRole.BrightText: "bad",
    QPalette.ColorRole.ToolTipBase: "bg3",
    QPalette.ColorRole.ToolTipText: "tx0",
    QPalette.ColorRole.Highlight: "bg3",
    QPalette.ColorRole.HighlightedText: "tx0",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "bg3",
    QPalette.ColorRole.Midlight: "line2",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "bg0",
    QPalette.ColorRole.Shadow: "bg0",
}
_TEXTS = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def palette(theme: Theme) -> QPalette:
    """Every role of the palette from the theme's colours; what is disabled is written as a hint."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, QColor(theme.colours.role(token)))
    for role in _TEXTS:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.colours.tx2))
    return made
