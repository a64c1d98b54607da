from pathlib import Path

import pytest

from app.settings.fields import dotted, walk
from app.settings.meanings import MEANINGS
from app.settings.typed import typed
from services.core.errors import UserError


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("general.theme", "dark", "dark"),
        ("general.reduce_motion", "true", True),
        ("store.disk_cap_mb", " 4096 ", 4096),
        ("trading.speed", "0.5", 0.5),
        ("trading.paper_capital", "25000", 25_000),
        ("trading.data", "/srv/candles", Path("/srv/candles")),
        ("environment.declared", "prod", "prod"),
        ("environment.prod_branches", "main, release/*", ("main", "release/*")),
        ("environment.prod_branches", '["main"]', ("main",)),
        ("store.disk_cap_mb", "", None),
    ],
)
def test_text_becomes_a_value_of_the_settings_own_type(name, text, value):
    assert typed(name, text) == value
    assert type(typed(name, text)) in (type(value), type(Path()))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("store.disk_cap_mb", "much", "Write a whole number"),
        ("store.disk_cap_mb", "5", "Write at least 100"),
        ("general.theme", "drak", 'Did you mean "dark"?'),
        ("general.thme", "dark", "Did you mean theme?"),
        ("trading.api_key", "0123456789", "set-secret trading.api_key"),
    ],
)
def test_what_is_wrong_is_told_with_its_mend(name, text, words):
    with pytest.raises(UserError) as told:
        typed(name, text)
    assert words in str(told.value)
    assert str(told.value).startswith(name)
    assert "0123456789" not in str(told.value)


def test_every_setting_has_a_meaning_and_no_meaning_is_left_over():
    assert set(MEANINGS) == {dotted(path) for path, _ in walk()}
