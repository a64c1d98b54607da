import argparse
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.cli import config
from app.paths import Home
from app.secrets import Secrets
from services.core.errors import UserError


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home")
    parser.add_argument("--json", action="store_true")
    config.add_parser(parser.add_subparsers())
    return parser.parse_args(words)


class OneKeyring(NoKeyring):
    """A keyring that holds what a test puts in."""

    name = "test keyring"
    priority = 0
    held: dict[str, str]

    def __init__(self) -> None:
        super().__init__()
        self.held = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[username] = password


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def test_one_json_document_says_each_value_and_where_it_came_from(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.settings.write_text('[log]\nlevel = "ERROR"\n')
    env = {"DREAMSCAPE_TRADING__API_KEY": "hunter2"}
    backend = OneKeyring()
    backend.held["trading.api_secret"] = "hunter3"
    args = parse("--home", str(home.root), "--json", "config")
    assert config.run(args, env, Secrets(env, lambda: backend)) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["settings"]["log"]["level"] == {
        "value": "ERROR",
        "from": f"{home.settings}:2",
        "takes_effect": "at once",
    }
    assert document["settings"]["general"]["theme"] == {
        "value": "system",
        "from": "default",
        "takes_effect": "at once",
    }
    assert document["settings"]["trading"]["api_key"] == {
        "value": "**********",
        "from": "env DREAMSCAPE_TRADING__API_KEY",
        "takes_effect": "at the next start",
    }
    assert document["settings"]["trading"]["api_secret"]["from"] == "keyring"
    assert document["environment"]["name"] == "dev"
    assert document["environment"]["because"]
    assert document["mistakes"] == []
    assert "hunter" not in out + err


def test_what_run_would_make_of_its_flags_is_explained(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    args = parse("--home", str(home.root), "config", "--explain", "--env", "dev", "--live")
    assert config.run(args, {}, Secrets({}, NoKeyring)) == 0
    out = capsys.readouterr().out
    assert out.startswith("env=dev (rule 1: cli dev) | cli dev |")
    assert "live_allowed=no (needs prod) | log_level=DEBUG (dev was said)" in out


def test_where_live_trading_is_allowed_it_is_told_that_all_is_on_paper(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.surroundings._PROGRAM_ROOT", home.root)  # no checkout, whose branch might disagree
    for words, told in (
        (["config"], "live trading allowed; the account has to be armed as well (dreamscape arm)"),
        (
            ["config", "--explain"],
            "live_allowed=yes (--live given; the account has to be armed as well (dreamscape arm))",
        ),
    ):
        args = parse("--home", str(home.root), *words, "--env", "prod", "--live")
        assert config.run(args, {}, Secrets({}, NoKeyring)) == 0
        assert told in capsys.readouterr().out


def test_a_broken_setting_is_shown_as_a_mistake_beside_what_holds(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.settings.write_text('[log]\nlevle = "ERROR"\n')
    assert config.run(parse("--home", str(home.root), "config"), {}, Secrets({}, NoKeyring)) == 2
    out, err = capsys.readouterr()
    assert err == f"{home.settings}:2:1: log.levle is no setting. Did you mean level?\n"
    assert "log.level" in out
    assert "2 sources, 1 mistake" in out


def test_explain_is_one_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert config.run(parse("--home", str(home.root), "config", "--explain"), {"CI": "1"}, Secrets({}, NoKeyring)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("env=dev (rule 4: ci yes (CI))")


def test_looking_at_the_settings_makes_no_home(tmp_path: Path) -> None:
    config.run(parse("--home", str(tmp_path / "none"), "config"), {}, Secrets({}, NoKeyring))
    assert not (tmp_path / "none").exists()


def test_a_secret_is_read_from_standard_input_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    backend = OneKeyring()
    monkeypatch.setattr(sys, "stdin", io.StringIO("hunter2\n"))
    env = {"DREAMSCAPE_TRADING__API_KEY": "other"}
    assert config.run(parse("config", "set-secret", "trading.api_key"), env, Secrets(env, lambda: backend)) == 0
    assert backend.held == {"trading.api_key": "hunter2"}
    out, err = capsys.readouterr()
    assert "hunter2" not in out + err
    assert "still wins" in err


@pytest.mark.parametrize(
    "typed, name, told", [("\n", "trading.api_key", "no value"), ("x\n", "nope", "no such secret")]
)
def test_an_empty_or_unknown_secret_is_refused(
    typed: str, name: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    backend = OneKeyring()
    with pytest.raises(UserError, match=told):
        config.run(parse("config", "set-secret", name), {}, Secrets({}, lambda: backend))
    assert backend.held == {}


def test_the_value_of_a_secret_has_no_place_on_the_command_line() -> None:
    with pytest.raises(SystemExit):
        parse("config", "set-secret", "trading.api_key", "hunter2")


def test_settings_and_their_command_need_neither_qt_nor_the_keyring_library() -> None:
    script = (
        "import sys, app.cli.config; print([m for m in ('PyQt6', 'keyring', 'rich', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "[]"
