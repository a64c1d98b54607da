import re

import pytest

from resources.fonts import font_files
from resources.icons import icon_names, icon_svg


def test_every_icon_takes_the_colour_it_is_given():
    strokes = {name: icon_svg(name) for name in icon_names() if name != "dreamscape"}
    assert len(strokes) >= 30
    for name, svg in strokes.items():
        assert "currentColor" in svg, name
        assert not re.search(r"#[0-9A-Fa-f]{3,6}", svg), name


def test_an_unknown_icon_is_named_with_those_that_exist():
    with pytest.raises(LookupError, match="no icon 'unicorn'; there are advisor"):
        icon_svg("unicorn")


def test_the_fonts_are_fonts_and_stay_small():
    sizes = {name: len(data) for name, data in font_files()}
    assert {data[:4] for _, data in font_files()} <= {b"OTTO", b"\x00\x01\x00\x00"}
    assert sum(sizes.values()) < 1_300_000
