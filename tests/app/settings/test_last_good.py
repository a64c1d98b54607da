"""A settings file with a mistake: what was last good goes on, and says so."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.paths import Home
from app.settings import Loaded, load
from app.settings.last_good import keep_last_good, read_last_good


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def told(loaded: Loaded, home: Home) -> list[str]:
    return [str(mistake).replace(f"{home.settings}", "settings.toml") for mistake in loaded.mistakes]


def lived_with(home: Home, text: str) -> Home:
    """A home whose settings held once."""
    home.settings.write_text(text)
    keep_last_good(home, load(home, {}).in_file, datetime.now(UTC))
    return home


GOOD = '[log]\nlevel = "ERROR"\nring = 50\n[[debugger.projects]]\npath = "/srv/a"\n[orchestrator.limits]\ntrading = 3\n'


def test_a_file_that_is_no_toml_any_more_goes_on_with_its_last_good_settings_and_says_of_when(home: Home) -> None:
    lived_with(home, GOOD).settings.write_text(GOOD.replace("ring = 50", "ring = = 60"))
    loaded = load(home, {"DREAMSCAPE_ORCHESTRATOR__LIMITS__DEBUGGER": "5"})
    (mistake,) = told(loaded, home)
    good = read_last_good(home)
    assert good is not None
    assert mistake.startswith("settings.toml:3:8: it is not TOML: ")
    assert f"; going on with the settings of {good.when}. Mend this line." in mistake
    assert (loaded.settings.log.level, loaded.settings.log.ring) == ("ERROR", 50)
    assert [str(project.path) for project in loaded.settings.debugger.projects] == ["/srv/a"]
    assert loaded.settings.orchestrator.limits.model_dump(include={"trading", "debugger"}) == {
        "trading": 3,
        "debugger": 5,
    }
    assert loaded.sources["log.ring"] == f"{home.settings} of {good.when}"
    assert loaded.goes_on
    assert loaded.in_file == good.values, "what the environment says is none of the file's"


def test_only_a_wrong_value_falls_back_to_its_last_good_one_and_the_rest_counts_as_it_now_stands(home: Home) -> None:
    lived_with(home, GOOD).settings.write_text(
        '[log]\nlevel = "LOUD"\nring = 70\n[general]\ntheme = "purple"\n[stor]\n'
    )
    loaded = load(home, {})
    good = read_last_good(home)
    assert good is not None
    assert (loaded.settings.log.level, loaded.settings.log.ring) == ("ERROR", 70)
    assert loaded.settings.general.theme == "system"
    assert loaded.settings.debugger.projects == ()
    level, theme, unknown = told(loaded, home)
    assert f'going on with "ERROR", as at {good.when}' in level
    assert f"going on with the default, as at {good.when}" in theme
    assert "going on" not in unknown
    assert loaded.sources["log.ring"] == f"{home.settings}:3"
    assert loaded.sources["log.level"] == f"{home.settings} of {good.when}"


def test_a_mistake_in_a_list_leaves_the_list_as_it_last_was(home: Home) -> None:
    text = GOOD + '[[debugger.projects]]\npath = "/srv/b"\nschedule = "never"\n'
    lived_with(home, GOOD).settings.write_text(text)
    assert [str(project.path) for project in load(home, {}).settings.debugger.projects] == ["/srv/a"]


def test_what_is_kept_is_for_the_owner_alone_without_secrets_and_keeps_its_time_while_it_stays_the_same(
    home: Home,
) -> None:
    home.settings.write_text('[trading]\napi_key = "0123456789abcdef"\nspeed = 2.0\n[log]\nrng = "0123456789abcdef"\n')
    then, now = datetime(2026, 3, 1, 9, 30, tzinfo=UTC), datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    keep_last_good(home, load(home, {}).in_file, then)
    keep_last_good(home, load(home, {}).in_file, now)
    text = home.settings_last_good.read_text()
    assert "0123456789abcdef" not in text
    assert stat.S_IMODE(home.settings_last_good.stat().st_mode) == 0o600
    good = read_last_good(home)
    assert good is not None
    assert (good.at, good.value(("trading", "speed"))) == (then, 2.0)
    assert good.when.endswith(f"{then.astimezone():%d %b %H:%M}"), "another day is told with its date"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"since": "soon", "values": {}}'])
def test_where_nothing_good_is_known_the_defaults_hold_and_a_start_asks(home: Home, damage: str) -> None:
    home.settings.write_text("[log\n")
    if damage:
        home.settings_last_good.write_text(damage)
    loaded = load(home, {})
    assert (loaded.goes_on, loaded.settings.log.level) == (False, "INFO")
    assert "going on" not in told(loaded, home)[0]


def test_what_an_older_version_kept_and_is_no_setting_any_more_is_left_out(home: Home) -> None:
    home.settings.write_text("[log\n")
    keep_last_good(home, {"log": {"level": "ERROR", "colour": "red"}}, datetime.now(UTC))
    loaded = load(home, {})
    assert loaded.settings.log.level == "ERROR"
    assert loaded.in_file == {"log": {"level": "ERROR"}}
