import threading
from collections.abc import Iterator

import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked
from pydantic import SecretStr

from app.secrets import KeyringUnusable, Secrets, without_plain_files
from services.core.errors import UserError
from tests.support.kept import MemoryKeyring

NAME = "trading.api_key"
VARIABLE = "DREAMSCAPE_TRADING__API_KEY"


class LockedKeyring(MemoryKeyring):
    """One that refuses, and repeats what it was given."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("the user said no")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"cannot store {password}")


class HangingKeyring(MemoryKeyring):
    """One that answers only once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.let_go.wait()
        return super().get_password(service, username)


@pytest.fixture
def hanging() -> Iterator[HangingKeyring]:
    backend = HangingKeyring()
    yield backend
    backend.let_go.set()


def test_a_secret_is_kept_found_and_forgotten() -> None:
    backend = MemoryKeyring()
    secrets = Secrets({}, lambda: backend)
    assert secrets.get(NAME) is None
    secrets.set(NAME, SecretStr("hunter2"))
    kept = secrets.get(NAME)
    assert kept is not None
    assert (kept.value.get_secret_value(), kept.source) == ("hunter2", "keyring")
    assert secrets.from_keyring() == {NAME: SecretStr("hunter2")}
    secrets.delete(NAME)
    secrets.delete(NAME)
    assert secrets.get(NAME) is None
    assert backend.held == {}


def test_the_environment_wins_and_the_keyring_is_not_even_asked(hanging: HangingKeyring) -> None:
    kept = Secrets({VARIABLE: "from-env"}, lambda: hanging).get(NAME)
    assert kept is not None
    assert (kept.value.get_secret_value(), kept.source) == ("from-env", f"env {VARIABLE}")
    assert hanging.asked == 0


def test_a_keyring_that_hangs_is_given_up_and_not_asked_again_meanwhile(hanging: HangingKeyring) -> None:
    secrets = Secrets({}, lambda: hanging, limit=0.05)
    assert secrets.status().text.startswith("the keyring did not answer within 0.05 s; secrets are read from the env")
    assert secrets.get(NAME) is None
    assert secrets.status().text.startswith("the keyring still does not answer")
    assert hanging.asked == 1


def test_a_keyring_that_answers_again_is_used_again(hanging: HangingKeyring) -> None:
    hanging.held["dreamscape", NAME] = "hunter2"
    secrets = Secrets({}, lambda: hanging, limit=0.05)
    assert secrets.get(NAME) is None
    hanging.let_go.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join()
    patient = Secrets({}, lambda: hanging)
    kept = patient.get(NAME)
    assert kept is not None
    assert kept.value.get_secret_value() == "hunter2"
    assert secrets.status().usable


def test_without_a_keyring_nothing_is_kept_and_the_mend_is_the_variable() -> None:
    secrets = Secrets({}, NoKeyring)
    assert secrets.status().text == "this system has no keyring; secrets are read from the environment"
    assert not secrets.status().usable
    with pytest.raises(UserError) as caught:
        secrets.set(NAME, SecretStr("hunter2"))
    assert VARIABLE in caught.value.mend


def test_a_keyring_that_refuses_is_told_without_its_words() -> None:
    secrets = Secrets({}, LockedKeyring)
    assert secrets.get(NAME) is None
    assert "KeyringLocked" in secrets.status().text
    with pytest.raises(UserError) as caught:
        secrets.set(NAME, SecretStr("hunter2"))
    assert "hunter2" not in str(caught.value)


def test_the_systems_own_keyring_answers_one_way_or_the_other() -> None:
    status = Secrets({}).status()
    assert status.usable != ("secrets are read from the environment" in status.text)


class PlaintextKeyring(MemoryKeyring):
    """Named like the one that writes a plain file."""


class Chain(MemoryKeyring):
    """Asks several backends, as keyring's own chainer does."""

    def __init__(self, *backends: MemoryKeyring) -> None:
        super().__init__()
        self.backends = backends


def test_a_keyring_that_is_a_plain_file_is_not_used() -> None:
    safe = MemoryKeyring()
    assert without_plain_files(safe) is safe
    assert without_plain_files(Chain(PlaintextKeyring(), safe)) is safe
    with pytest.raises(KeyringUnusable, match="plain file"):
        without_plain_files(PlaintextKeyring())


def test_no_repr_shows_a_secret() -> None:
    secrets = Secrets({VARIABLE: "hunter2"}, NoKeyring)
    assert "hunter2" not in f"{secrets!r} {secrets.get(NAME)!r}"


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"Use one of trading\.api_key"):
        Secrets({}, NoKeyring).get("trading.key")
