"""Secrets: in the system's keyring, else in the environment, never in a plain file.

A keyring may ask the user, wait for a locked session bus, or hang; so it is asked in a thread of its own that is
given up after a while, and no second one is sent after it while the first still waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import SecretStr

from app.settings.fields import secret_names, variable
from services.core.errors import UserError

SERVICE = "dreamscape"
LIMIT_SECONDS = 3.0

T = TypeVar("T")


class Backend(Protocol):
    """What is asked of a keyring; every backend of the `keyring` library has it."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class KeyringUnusable(Exception):
    """The keyring is absent, refuses, or does not answer in time; `str()` says which."""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a keyring is in use, and in words for the Settings page."""

    usable: bool
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret and where it came from; its repr is masked."""

    value: SecretStr
    source: str


class Secrets:
    """The user's secrets by name, such as "trading.api_key". The environment wins over the keyring."""

    def __init__(
        self,
        env: Mapping[str, str],
        backend: Callable[[], Backend] | None = None,
        limit: float = LIMIT_SECONDS,
    ) -> None:
        self._env = {name.upper(): value for name, value in env.items() if value}
        self._backend = backend or system_keyring
        self._limit = limit
        self._waiting: threading.Thread | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Secrets(**********)"

    def variable(self, name: str) -> str:
        """The environment variable of a secret; UserError if there is no secret of this name."""
        return variable(_known(name))

    def get(self, name: str) -> Kept | None:
        """Find a secret; None if there is none, or none that can be reached (`status` tells which)."""
        variable_name = self.variable(name)
        if value := self._env.get(variable_name):
            return Kept(SecretStr(value), f"env {variable_name}")
        try:
            found = self._ask(lambda keyring: keyring.get_password(SERVICE, name))
        except KeyringUnusable:
            return None
        return Kept(SecretStr(found), "keyring") if found else None

    def needs_keyring(self) -> bool:
        """Whether the environment leaves any secret to the keyring."""
        return any(self.variable(name) not in self._env for name in secret_names())

    def from_keyring(self) -> Mapping[str, SecretStr]:
        """All that the keyring holds, asked in one go: for `load(…, keyring=…)`. Empty without a keyring."""
        try:
            found = self._ask(lambda keyring: {name: keyring.get_password(SERVICE, name) for name in secret_names()})
        except KeyringUnusable:
            return {}
        return {name: SecretStr(value) for name, value in found.items() if value}

    def set(self, name: str, value: SecretStr) -> None:
        """Keep a secret in the keyring; UserError without one, as there is no second-best place."""
        variable_name = self.variable(name)
        try:
            self._ask(lambda keyring: keyring.set_password(SERVICE, name, value.get_secret_value()))
        except KeyringUnusable as error:
            mend = f"set the environment variable {variable_name}, or mend the keyring"
            raise UserError(f"it cannot be kept: {error}", name, mend) from error

    def delete(self, name: str) -> None:
        """Take a secret out of the keyring; nothing happens if it holds none."""
        _known(name)

        def forget(keyring: Backend) -> None:
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)

        try:
            self._ask(forget)
        except KeyringUnusable as error:
            raise UserError(f"it cannot be deleted: {error}", name, "delete it with the system's own tool") from error

    def status(self) -> Status:
        """Ask the keyring for a secret that need not exist, and say what is used."""
        try:
            label = self._ask(lambda keyring: (keyring.get_password(SERVICE, "status"), _label(keyring))[1])
        except KeyringUnusable as error:
            return Status(False, f"{error}; secrets are read from the environment")
        return Status(True, f"{label}; a variable in the environment wins over it")

    def _ask(self, question: Callable[[Backend], T]) -> T:
        """Answer within the limit or raise KeyringUnusable."""
        answers: list[T] = []
        faults: list[BaseException] = []

        def work() -> None:
            try:
                answers.append(question(self._backend()))
            except BaseException as error:  # a backend in C or Rust may end its thread with one that is no Exception
                faults.append(error)

        with self._lock:
            if self._waiting is not None and self._waiting.is_alive():
                raise KeyringUnusable("the keyring still does not answer")
            worker = threading.Thread(target=work, name="keyring", daemon=True)
            self._waiting = worker
            worker.start()
            worker.join(self._limit)
        if faults:
            raise KeyringUnusable(_why(faults[0]))
        if not answers:
            raise KeyringUnusable(f"the keyring did not answer within {self._limit:g} s")
        return answers[0]


def system_keyring() -> Backend:
    """The platform's keyring; imported only now, since it looks for D-Bus and the like."""
    import keyring

    return without_plain_files(keyring.get_keyring())


def without_plain_files(chosen: Backend) -> Backend:
    """Refuse a backend that keeps a plain file, for that is no keyring; of a chain, take the first that is one."""
    links: list[Backend] = list(getattr(chosen, "backends", [chosen]))
    safe = [link for link in links if "plaintext" not in type(link).__name__.lower()]
    if len(safe) == len(links):
        return chosen
    if not safe:
        raise KeyringUnusable("this system's only keyring is a plain file, which is not used")
    return safe[0]


def _known(name: str) -> tuple[str, ...]:
    names = secret_names()
    if name not in names:
        raise UserError("there is no such secret", name, f"use one of {', '.join(names)}")
    return tuple(name.split("."))


def _label(keyring: Backend) -> str:
    return str(getattr(keyring, "name", type(keyring).__name__))


def _why(fault: BaseException) -> str:
    """Say what kind of fault it was, without its text: a backend's message may repeat what it was given."""
    if isinstance(fault, KeyringUnusable):
        return str(fault)
    if type(fault).__name__ == "NoKeyringError":
        return "this system has no keyring"
    return f"the keyring failed ({type(fault).__name__})"
