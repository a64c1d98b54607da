"""Where secrets are kept, and where they must not be."""

from pathlib import Path

import keyring.backend


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A backend of the keyring library that keeps its secrets as long as the test."""

    name = "memory keyring"
    priority = 0  # never chosen by itself

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


def left_in(folder: Path, *secrets: str) -> list[str]:
    """Files of the store, its log of writes among them, in which a secret stands."""
    kept = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert any(name.endswith(("-wal", ".db")) for name in kept)
    return [name for name, data in kept.items() if any(secret.encode() in data for secret in secrets)]
