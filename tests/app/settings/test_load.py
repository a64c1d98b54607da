import os
import sys
from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import SecretStr

from app.paths import Home
from app.settings import Loaded, load
from app.settings.fields import dotted, walk


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def told(loaded: Loaded, home: Home) -> list[str]:
    return [str(mistake).replace(f"{home.settings}", "settings.toml") for mistake in loaded.mistakes]


def test_an_empty_home_has_the_defaults_and_each_says_so(home: Home) -> None:
    loaded = load(home, {})
    assert loaded.settings.general.theme == "system"
    assert loaded.settings.log.ring == 200
    assert set(loaded.sources.values()) == {"default"}
    assert set(loaded.sources) == {dotted(path) for path, _ in walk()}
    assert loaded.summary() == "1 source, 0 mistakes"


def test_environment_wins_over_file_and_the_command_line_over_both(home: Home) -> None:
    home.settings.write_text('[log]\nlevel = "ERROR"\nring = 50\n[general]\ntheme = "dark"\n')
    env = {"DREAMSCAPE_LOG__LEVEL": "WARNING", "DREAMSCAPE_LOG__RING": "60"}
    loaded = load(home, env, overrides={"log.level": "DEBUG"})
    assert (loaded.settings.log.level, loaded.settings.log.ring) == ("DEBUG", 60)
    assert loaded.settings.general.theme == "dark"
    assert loaded.sources["log.level"] == "command line"
    assert loaded.sources["log.ring"] == "env DREAMSCAPE_LOG__RING"
    assert loaded.sources["general.theme"] == f"{home.settings}:5"
    assert loaded.summary() == "4 sources, 0 mistakes"


def test_all_mistakes_are_told_at_once_and_the_rest_holds(home: Home) -> None:
    home.settings.write_text(
        '[general]\ntheme = "drak"\nautostart = "yes"\nclsoe = "tray"\n\n'
        '[store]\n"disk_cap_mb" = 4000\nevents_keep_days = 1_000_000\n\n[lgo]\nlevel = "DEBUG"\n'
    )
    loaded = load(home, {"DREAMSCAPE_LOG__RING": "many", "DREAMSCAPE_THEME": "dark"})
    assert told(loaded, home) == [
        "settings.toml:2:9: general.theme is 'drak': it should be 'system', 'dark' or 'light'. Did you mean \"dark\"?",
        "settings.toml:3:13: general.autostart is 'yes': it should be a valid boolean. "
        "Write true or false; the default is false.",
        "settings.toml:4:1: general.clsoe is no setting. Did you mean close?",
        "settings.toml:8:20: store.events_keep_days is 1000000: it should be less than or equal to 36500. "
        "Write at most 36500.",
        "settings.toml:10:1: lgo is no setting. Did you mean log?",
        "env DREAMSCAPE_LOG__RING: log.ring is 'many': it should be a valid integer, unable to parse string as an "
        "integer. Write a whole number; the default is 200.",
        "env DREAMSCAPE_THEME: it names no setting. Did you mean DREAMSCAPE_GENERAL__THEME?",
    ]
    assert loaded.settings.store.disk_cap_mb == 4000
    assert loaded.settings.general.theme == "system"
    assert len(loaded.mistakes) == 7


def test_below_a_wrong_variable_the_file_still_holds(home: Home) -> None:
    home.settings.write_text("[log]\nring = 50\n")
    loaded = load(home, {"DREAMSCAPE_LOG__RING": "many"})
    assert loaded.settings.log.ring == 50
    assert loaded.sources["log.ring"] == f"{home.settings}:2"


def test_a_wrong_project_is_told_where_it_stands_and_the_others_stay(home: Home) -> None:
    home.settings.write_text(
        '[[debugger.projects]]\npath = "/a"\n\n[[debugger.projects]]\npth = "/b"\n\n'
        '[[debugger.projects]]\npath = "/c"\nschedule = "every tuesday"\n\n'
        '[[debugger.projects]]\npath = "/d"\nschedule = "0 3 * * *"\n'
    )
    loaded = load(home, {})
    assert [project.path for project in loaded.settings.debugger.projects] == [Path("/a"), Path("/d")]
    assert [line.split(": ")[0] for line in told(loaded, home)] == [
        "settings.toml:4:1",
        "settings.toml:5:1",
        "settings.toml:9:12",
    ]


def test_a_file_that_is_no_toml_is_told_with_line_and_column_and_the_environment_still_counts(home: Home) -> None:
    home.settings.write_text('[general]\ntheme = "dark\n')
    loaded = load(home, {"DREAMSCAPE_LOG__LEVEL": "DEBUG"})
    (mistake,) = loaded.mistakes
    assert mistake.where.startswith(f"{home.settings}:2:")
    assert loaded.settings.log.level == "DEBUG"


@pytest.mark.parametrize("content, told_of", [(b"\xff\xfe[", "not UTF-8"), (None, "cannot be read")])
def test_a_file_that_cannot_be_read_is_one_mistake(home: Home, content: bytes | None, told_of: str) -> None:
    if content is None:
        home.settings.mkdir()
    else:
        home.settings.write_bytes(content)
    (mistake,) = load(home, {}).mistakes
    assert told_of in mistake.what
    assert mistake.mend


def test_a_file_saved_on_windows_reads_the_same(home: Home) -> None:
    home.settings.write_bytes(b"\xef\xbb\xbf[log]\r\nring = 50\r\nlevel = 3\r\n")
    loaded = load(home, {})
    assert loaded.settings.log.ring == 50
    assert loaded.mistakes[0].where.endswith(":3:9")


def test_a_list_in_the_environment_is_json_and_a_mistake_in_it_names_the_variable(home: Home) -> None:
    good = load(home, {"DREAMSCAPE_ENVIRONMENT__PROD_HOSTS": '["srv-*"]'})
    assert good.settings.environment.prod_hosts == ("srv-*",)
    bad = load(home, {"DREAMSCAPE_ENVIRONMENT__PROD_HOSTS": "srv-*"})
    assert bad.settings.environment.prod_hosts == ()
    assert bad.mistakes[0].where == "env DREAMSCAPE_ENVIRONMENT__PROD_HOSTS"


def test_a_secret_in_the_file_is_refused_and_not_repeated(home: Home) -> None:
    home.settings.write_text('[trading]\nexchange = "kraken"\napi_key = "hunter2hunter2"\n')
    loaded = load(home, {})
    (mistake,) = loaded.mistakes
    assert mistake.where == f"{home.settings}:3:1"
    assert "config set-secret trading.api_key" in mistake.mend
    assert "hunter2" not in str(mistake)
    assert loaded.settings.trading.api_key is None
    assert loaded.settings.trading.exchange == "kraken"


def test_a_secret_comes_from_the_keyring_unless_the_environment_has_it(home: Home) -> None:
    kept = {"trading.api_key": SecretStr("from-ring"), "trading.api_secret": SecretStr("also-from-ring")}
    loaded = load(home, {"DREAMSCAPE_TRADING__API_KEY": "from-env"}, keyring=kept)
    key, secret = loaded.settings.trading.api_key, loaded.settings.trading.api_secret
    assert key is not None
    assert secret is not None
    assert (key.get_secret_value(), secret.get_secret_value()) == ("from-env", "also-from-ring")
    assert loaded.sources["trading.api_key"] == "env DREAMSCAPE_TRADING__API_KEY"
    assert loaded.sources["trading.api_secret"] == "keyring"
    assert "from-" not in repr(loaded)


@pytest.mark.parametrize(
    "env",
    [
        {"DREAMSCAPE_TRADING__API_KYE": "hunter2"},
        {"DREAMSCAPE_TRADING": '{"api_key": ["hunter2"]}'},
        {"DREAMSCAPE_TRADING": "hunter2"},
        {"DREAMSCAPE_TRADING": '"hunter2"'},
        {"DREAMSCAPE_TRADING__API_KEY__X": "hunter2"},
    ],
)
def test_a_mistake_about_a_secret_does_not_show_it(home: Home, env: dict[str, str]) -> None:
    loaded = load(home, env)
    assert loaded.mistakes
    assert "hunter2" not in repr(loaded)
    assert not any("hunter2" in str(mistake) for mistake in loaded.mistakes)


def test_variables_that_are_empty_or_not_ours_are_no_settings(home: Home) -> None:
    loaded = load(home, {"DREAMSCAPE_HOME": "/x", "DREAMSCAPE_LOG__LEVEL": "", "PATH": "/bin"})
    assert loaded.summary() == "1 source, 0 mistakes"


def test_a_folder_may_be_called_as_a_date_is_written(home: Home) -> None:
    home.settings.write_text("[trading]\ndata = 2000-01-01\n[log]\nlevel = 2000-01-01\n", encoding="utf-8")
    loaded = load(home, {})
    assert loaded.settings.trading.data == Path("2000-01-01")
    assert [mistake.where.rpartition("settings.toml")[2] for mistake in loaded.mistakes] == [":4:9"]


scalars = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.just([]),
    st.just({}),
)
sections = st.sampled_from(["general", "store", "log", "environment", "orchestrator", "trading", "debugger", "other"])
keys = st.sampled_from([str(path[-1]) for path, _ in walk()] + ["limits", "unknown", "with space"])


@examples(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first example loads tables of letters
@given(values=st.dictionaries(sections, st.one_of(scalars, st.dictionaries(keys, scalars, max_size=4)), max_size=4))
def test_whatever_the_file_says_settings_load_and_each_mistake_has_its_line(
    values: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    text = tomlkit.dumps(values)
    home.settings.write_bytes(text.encode())
    loaded = load(home, {})
    lines = text.replace("\r\n", "\n").split("\n")
    for mistake in loaded.mistakes:
        _, line, column = mistake.where.rsplit(":", 2)
        assert 1 <= int(line) <= len(lines)
        assert 1 <= int(column) <= len(lines[int(line) - 1]) + 1
        assert mistake.mend


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes among files there")
def test_a_pipe_in_the_place_of_the_file_is_one_mistake(home: Home) -> None:
    os.mkfifo(home.settings)
    loaded = load(home, {})
    assert told(loaded, home)[0].startswith("settings.toml: it is no regular file")


@pytest.mark.parametrize(
    "address, why",
    [
        ("http://api.example.com", "in the clear"),
        ("api.example.com", "no address"),
        ("https://me:hunter2@host", "no user"),
    ],
)
def test_an_address_that_no_key_may_be_sent_to_is_a_mistake_and_repeats_no_password(
    home: Home, address: str, why: str
) -> None:
    loaded = load(home, {"DREAMSCAPE_TRADING__API_URL": address})
    (mistake,) = told(loaded, home)
    assert why in mistake
    assert "DREAMSCAPE_TRADING__API_URL" in mistake
    assert "hunter2" not in mistake
    assert loaded.settings.trading.api_url is None
