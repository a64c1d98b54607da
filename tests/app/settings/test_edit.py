from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.paths import Home
from app.settings import load
from app.settings.edit import write_setting
from services.core.errors import UserError

MINE = """\
# how I like it
[general]
theme = "dark"  # easy on the eyes

[[debugger.projects]]  # the big one
path = "/a"
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").create()
    home.settings.write_text(MINE)
    return home


def test_a_changed_setting_keeps_the_comments(home: Home) -> None:
    write_setting(home, "general.theme", "light")
    assert home.settings.read_text() == MINE.replace('"dark"', '"light"')


def test_a_setting_of_a_section_that_is_not_there_yet_is_added(home: Home) -> None:
    write_setting(home, "orchestrator.limits.trading", 3)
    assert load(home, {}).settings.orchestrator.limits.trading == 3
    assert home.settings.read_text().startswith(MINE)


def test_a_home_without_a_file_gets_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "fresh").create()
    write_setting(home, "trading.paper_capital", Decimal("2500.50"))
    write_setting(home, "trading.data", Path("/candles"))
    loaded = load(home, {})
    assert loaded.mistakes == ()
    settings = loaded.settings
    assert (settings.trading.paper_capital, settings.trading.data) == (Decimal("2500.50"), Path("/candles"))


def test_none_brings_the_default_back(home: Home) -> None:
    write_setting(home, "general.theme", None)
    write_setting(home, "log.level", None)
    loaded = load(home, {})
    assert loaded.settings.general.theme == "system"
    assert loaded.sources["general.theme"] == "default"
    assert "# how I like it" in home.settings.read_text()


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("general.theme", "drak", 'Did you mean "dark"?'),
        ("general.thme", "dark", "Did you mean theme?"),
        ("general.thme", None, "Did you mean theme?"),
        ("store.disk_cap_mb", 1, "Write at least 100"),
        ("trading.api_key", "x", "config set-secret trading.api_key"),
    ],
)
def test_a_wrong_value_is_refused_and_the_file_stays(home: Home, name: str, value: object, told: str) -> None:
    with pytest.raises(UserError) as caught:
        write_setting(home, name, value)
    assert told in str(caught.value)
    assert home.settings.read_text() == MINE


def test_a_file_that_is_no_toml_is_not_overwritten(home: Home) -> None:
    home.settings.write_text("[general\n")
    with pytest.raises(UserError, match="not TOML"):
        write_setting(home, "general.theme", "dark")
    assert home.settings.read_text() == "[general\n"


def test_a_file_that_is_a_link_stays_one(home: Home, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    home.settings.replace(real)
    home.settings.symlink_to(real)
    write_setting(home, "general.close", "tray")
    assert home.settings.is_symlink()
    assert 'close = "tray"' in real.read_text()


def test_nothing_else_is_left_in_the_home(home: Home) -> None:
    before = set(home.root.iterdir())
    write_setting(home, "general.close", "tray")
    assert set(home.root.iterdir()) == before


changes = st.lists(
    st.one_of(
        st.tuples(st.just("log.ring"), st.integers(10, 10_000)),
        st.tuples(st.just("general.theme"), st.sampled_from(["system", "dark", "light", None])),
        st.tuples(st.just("trading.exchange"), st.one_of(st.none(), st.text(min_size=1, max_size=20))),
        st.tuples(st.just("environment.prod_hosts"), st.lists(st.text("ab*-", min_size=1, max_size=5), max_size=3)),
    ),
    max_size=8,
)


@examples(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=changes)
def test_any_row_of_changes_reads_back_as_the_last_of_each(
    changes: list[tuple[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    home.settings.write_text(MINE)
    for name, value in changes:
        write_setting(home, name, value)
    loaded = load(home, {})
    assert loaded.mistakes == ()
    settings = loaded.settings
    for name, value in dict(changes).items():
        section, key = name.split(".")
        found = getattr(getattr(settings, section), key)
        if value is not None:
            assert found == (tuple(value) if isinstance(value, list) else value)
    assert "# the big one" in home.settings.read_text()
