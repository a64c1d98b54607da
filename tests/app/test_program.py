"""The program asks the keyring when it starts, hides what it gets, and goes on without one."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring
from pydantic import SecretStr

from app.paths import Home
from app.program import Program
from app.secrets import Backend, Secrets
from tests.app.test_secrets import HangingKeyring, MemoryKeyring

KEY, SECRET = "trading.api_key", "trading.api_secret"
Begin = Callable[..., tuple[Program, str]]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    begun: list[Program] = []

    def run(backend: Backend, env: dict[str, str] | None = None) -> tuple[Program, str]:
        secrets = Secrets(env or {}, lambda: backend, limit=0.05)
        program = Program(Home(tmp_path / "home", "a test"), env or {}, secrets=secrets)
        begun.append(program)
        return program, [step.act() for step in program.steps()[:2]][-1]

    yield run
    for program in begun:
        program.close()


def log_of(program: Program) -> str:
    program.close()
    return program.home.log.read_text(encoding="utf-8")


def test_what_the_keyring_keeps_is_in_force_and_never_in_the_log(begin: Begin) -> None:
    held = MemoryKeyring()
    Secrets({}, lambda: held).set(KEY, SecretStr("correct-horse-battery"))
    program, told = begin(held)
    assert program.loaded is not None
    assert program.loaded.settings.trading.api_key == SecretStr("correct-horse-battery")
    assert program.loaded.sources[KEY] == "keyring"
    assert "no keyring" not in told
    logging.getLogger("app.test").warning("refused for correct-horse-battery")
    assert "correct-horse-battery" not in log_of(program)


def test_what_the_command_line_says_of_the_environment_is_in_force_and_explained(tmp_path: Path) -> None:
    program = Program(Home(tmp_path / "home"), {}, said="dev", live=True, secrets=Secrets({}, NoKeyring))
    program.steps()[0].act()
    program.close()
    assert program.loaded is not None
    assert program.environment is not None
    assert (program.environment.name, program.environment.live_because) == ("dev", "needs prod")
    assert program.loaded.settings.log.level == "DEBUG"
    assert program.loaded.sources["log.level"] == "default in dev"
    assert "env=dev (rule 1: cli dev)" in log_of(program)


def test_a_level_that_the_settings_name_holds_in_every_environment(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    home.settings.write_text("[log]\nlevel = 'WARNING'\n", encoding="utf-8")
    program = Program(home, {}, said="dev")
    program.open_at_rest()
    program.close()
    assert program.loaded is not None
    assert program.loaded.settings.log.level == "WARNING"


def test_without_a_keyring_the_environment_is_used_and_that_is_said(begin: Begin) -> None:
    env = {"DREAMSCAPE_TRADING__API_KEY": "correct-horse-battery"}
    program, told = begin(NoKeyring(), env)
    assert program.loaded is not None
    assert program.loaded.settings.trading.api_key == SecretStr("correct-horse-battery")
    assert told.endswith("no keyring, secrets from the environment")
    assert "this system has no keyring" in log_of(program)


def test_a_keyring_that_hangs_keeps_nobody_from_starting(begin: Begin) -> None:
    hanging = HangingKeyring()
    program, told = begin(hanging)
    hanging.let_go.set()
    assert told.endswith("no keyring, secrets from the environment")
    assert "did not answer within" in log_of(program)


def test_what_the_environment_gives_in_full_asks_no_keyring(begin: Begin) -> None:
    hanging = HangingKeyring()
    _, told = begin(hanging, {"DREAMSCAPE_TRADING__API_KEY": "one-key", "DREAMSCAPE_TRADING__API_SECRET": "a-secret"})
    assert hanging.asked == 0
    assert "keyring" not in told
