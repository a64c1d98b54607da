"""Foreign code sees neither our switches nor anything that looks like a secret."""

import os
import sys
from pathlib import Path

import pytest

from services.core.sandbox import scrub


@pytest.mark.parametrize(
    "name",
    [
        "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "QT_QPA_PLATFORM", "QML2_IMPORT_PATH", "DREAMSCAPE_HOME",
        "__PYVENV_LAUNCHER__", "_PYI_ARCHIVE_FILE", "OPENAI_API_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN",
        "PGPASSWORD", "DB_PASSWD", "MYSQL_PWD", "apikey", "SSH_AUTH_SOCK", "KRAKEN_KEY",
        "GITHUB_PAT", "MNEMONIC", "WALLET_SEED", "seed_phrase", "SENTRY_DSN",
    ],
)  # fmt: skip
def test_steering_and_secret_names_are_withheld(name):
    assert scrub({name: "x", "LANG": "C"}) == {"LANG": "C"}


@pytest.mark.parametrize(
    "name",
    [
        "PWD", "OLDPWD", "HOME", "LANG", "KEYBOARD", "TERM", "AUTHOR", "DISPLAY", "MONKEY_X",
        "PATH", "PATTERN", "SEEDS", "SEEDLING_ROW", "PYTHONHASHSEED", "DSNAP",
    ],
)  # fmt: skip
def test_ordinary_names_pass(name):
    assert scrub({name: "x"}) == {name: "x"}


@pytest.mark.parametrize("value", ["postgres://me:hidden@db/x", "sk-abcdefghijklmnopqrstuvwx", "ghp_" + "a" * 36])
def test_a_secret_value_is_withheld_whatever_its_name(value):
    assert scrub({"SOMETHING": value}) == {}


def test_the_user_may_pass_a_name_on_purpose_but_never_ours():
    given = {"GITHUB_TOKEN": "t", "DREAMSCAPE_X": "y"}
    assert scrub(given, keep=("GITHUB_TOKEN", "DREAMSCAPE_X")) == {"GITHUB_TOKEN": "t"}


def test_the_seed_of_a_generator_is_a_number_and_no_secret():
    assert scrub({"RANDOM_SEED": "42", "SEED": "-7"}) == {"RANDOM_SEED": "42", "SEED": "-7"}
    assert scrub({"SEED": "legal winner thank year", "WALLET_SEED": "9" * 40}) == {}


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="not in a virtual environment")
def test_our_own_programs_are_taken_off_the_path():
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    assert scrub({"PATH": path}) == {"PATH": os.pathsep.join(["/usr/bin", "/bin"])}


def test_a_frozen_builds_own_libraries_are_nothing_for_foreign_programs(monkeypatch):
    monkeypatch.setattr(sys, "_MEIPASS", "/opt/dreamscape/_internal", raising=False)
    assert scrub({"LD_LIBRARY_PATH": "/opt/dreamscape/_internal"}) == {}
    users = {"LD_LIBRARY_PATH": "/opt/dreamscape/_internal:/usr/lib/mine", "LD_LIBRARY_PATH_ORIG": "/usr/lib/mine"}
    assert scrub(users) == {"LD_LIBRARY_PATH": "/usr/lib/mine"}


def test_the_users_own_library_path_passes():
    assert scrub({"LD_LIBRARY_PATH": "/usr/lib/mine"}) == {"LD_LIBRARY_PATH": "/usr/lib/mine"}
