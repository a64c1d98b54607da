"""What of a project goes into a copy, and what is left out with its reason."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from services.debugger.project.foreign import is_foreign

LARGEST = 50_000_000
"""Bytes of a single file; what is larger is left out and named."""
_SECRETS = (
    ".env", ".env.*", "*.env", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx",
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*",
    ".netrc", "_netrc", ".pypirc", ".npmrc", ".git-credentials", ".pgpass", ".htpasswd",
    "credentials.json", "secrets.json", "secrets.toml", "secrets.yaml", "secrets.yml",
)  # fmt: skip
_TEMPLATES = (".env.example", ".env.sample", ".env.template", ".env.dist", "*.pub")


@dataclass(frozen=True)
class Entry:
    """One folder, file or link below the root; ``why`` is empty, or says why it is left out."""

    path: Path
    kind: str
    """``folder``, ``file`` or ``link``."""
    why: str = ""


def entries(root: Path, largest: int = LARGEST, besides: Path | None = None) -> Iterator[Entry]:
    """All of a project, parents before children. Foreign folders and ``besides`` are not named."""
    waiting = [root]
    while waiting:
        here = waiting.pop()
        try:
            found = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            yield Entry(here.relative_to(root), "folder", f"it cannot be read: {error.strerror}")
            continue
        for item in found:
            path = Path(item.path)
            if path == besides or is_foreign(path):  # a linked work tree's .git is a file
                continue
            if item.is_symlink():
                yield Entry(path.relative_to(root), "link", _link_reason(path, root))
            elif item.is_dir():
                yield Entry(path.relative_to(root), "folder")
                waiting.append(path)
            else:
                yield Entry(path.relative_to(root), "file", _file_reason(item, largest))


def is_secret(name: str) -> bool:
    """Whether a file of this name usually holds keys or passwords."""
    lower = name.lower()
    return any(fnmatch(lower, each) for each in _SECRETS) and not any(fnmatch(lower, each) for each in _TEMPLATES)


def _file_reason(item: "os.DirEntry[str]", largest: int) -> str:
    if is_secret(item.name):
        return "it looks like a file of secrets"
    if not item.is_file():
        return "it is neither a file nor a folder"
    size = item.stat().st_size
    return f"{size:,} bytes are over the limit of {largest:,}" if size > largest else ""


def _link_reason(path: Path, root: Path) -> str:
    """A link may only lead to what the copy has too; anything else would lead back into the original."""
    target = Path(os.path.realpath(path))
    home = Path(os.path.realpath(root))
    if not target.is_relative_to(home):
        return "a link that leads out of the project"
    inside = target.relative_to(home)
    if is_secret(target.name) or is_secret(path.name):
        return "a link to what looks like a file of secrets"
    if any(is_foreign(home / part) for part in (inside, *inside.parents) if part != Path()):
        return "a link into an environment or a cache"
    return ""
