import pytest
from PyQt6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PyQt6.QtWidgets import QLabel

from resources.icons import icon_names
from resources.theme import load_theme
from widgets.theme import (
    active,
    app_icon,
    code_font,
    colour,
    icon,
    icon_pixmap,
    ui_font,
    use_theme,
    wanted_theme,
)
from widgets.theme.sheet import style_sheet


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_style_sheet_and_the_palette_come_from_the_tokens(qapp, name):
    use_theme(qapp, name)
    theme = load_theme(name)
    assert active() == theme
    assert "$" not in style_sheet(theme)
    assert theme.colours.bg1 in style_sheet(theme)
    assert qapp.palette().color(QPalette.ColorRole.Text).name().upper() == theme.colours.tx0


def test_a_change_of_theme_changes_what_parts_paint_with(qapp):
    dark = colour("bg0").name()
    use_theme(qapp, "light")
    assert colour("bg0").name() != dark


def test_a_named_theme_is_taken_and_the_system_decides_otherwise():
    assert wanted_theme("light") == "light"
    assert wanted_theme("dark") == "dark"
    assert wanted_theme("system") in ("dark", "light")


def test_all_figures_are_equally_wide_so_that_numbers_do_not_jump(qtbot):
    label = QLabel("0")
    qtbot.addWidget(label)
    label.ensurePolished()
    for font in (ui_font(), ui_font(24), label.font()):
        metrics = QFontMetricsF(font)
        assert len({round(metrics.horizontalAdvance(digit * 4), 3) for digit in "0123456789"}) == 1


def test_the_shipped_families_are_what_is_drawn(qapp):
    assert QFontInfo(ui_font()).family() == "Inter Dreamscape"
    assert QFontInfo(code_font()).family() == "JetBrains Mono"


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp):
    wanted = colour("bad")
    for name in icon_names():
        if name == "dreamscape":
            continue
        image = icon_pixmap(name, "bad", 24, 2.0).toImage()
        pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
        opaque = [pixel for pixel in pixels if pixel.alpha() == 255]
        assert opaque, name
        # Blending of overlapping strokes may round a channel by one.
        assert all(abs(pixel.red() - wanted.red()) + abs(pixel.blue() - wanted.blue()) <= 2 for pixel in opaque)


def test_a_drawing_is_made_once_for_a_colour_and_a_pixel_ratio(qapp):
    assert icon_pixmap("play", "ok", 16, 1.0).cacheKey() == icon_pixmap("play", "ok", 16, 1.0).cacheKey()
    assert icon_pixmap("play", "ok", 16, 2.0).devicePixelRatio() == 2.0
    assert not icon("play").isNull()
    assert not app_icon().isNull()
