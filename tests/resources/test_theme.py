import re

import pytest

from resources.theme import ROLES, ThemeName, contrast, load_theme, mix, style_template

THEMES: tuple[ThemeName, ...] = ("dark", "light")
GROUNDS = ("bg0", "bg1", "bg2")
TEXTS = ("tx0", "tx1", "tx2")
STATUS = ("ok", "warn", "bad", "info", "idle")
SERVICES = ("engagement", "trading", "debugger", "content", "accent")


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS + SERVICES)
def test_whatever_is_written_can_be_read_on_every_ground(name, ground, text):
    colours = load_theme(name).colours
    assert contrast(colours.role(text), colours.role(ground)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", (*GROUNDS, "bg3"))
@pytest.mark.parametrize("status", STATUS)
def test_every_status_stands_out_from_every_ground(name, ground, status):
    colours = load_theme(name).colours
    assert contrast(colours.role(status), colours.role(ground)) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_what_stands_on_the_accent_can_be_read(name):
    colours = load_theme(name).colours
    assert contrast(colours.on_accent, colours.accent) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("role", ("ok", "bad", "warn"))
def test_the_words_of_a_coloured_button_can_be_read_on_its_tint(name, role):
    colours = load_theme(name).colours
    assert contrast(colours.role(role), mix(colours.role(role), colours.bg1, 0.14)) >= 4.5


def test_contrast_is_the_ratio_wcag_defines():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


def test_every_colour_is_written_so_that_css_and_qt_both_read_it():
    for name in THEMES:
        assert all(re.fullmatch(r"#[0-9A-F]{6}", load_theme(name).colours.role(role)) for role in ROLES)


def test_a_role_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(LookupError, match="no colour role 'mauve'; there are bg0"):
        load_theme("dark").colours.role("mauve")


def test_the_style_sheet_says_no_colour_of_its_own():
    assert re.findall(r":\s*#[0-9A-Fa-f]{3,8}", style_template()) == []
