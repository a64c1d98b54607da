"""Which Dreamscape this is: its version, and the commit it was packaged from where that is known."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMIT = "resources/commit.txt"
"""Written by ``git archive`` and by the container's build; in a checkout it holds the place of the commit alone."""
_PLACE = "$Format"


def version(root: Path = ROOT) -> str:
    """The version that stands in the tree, else that of the installed package; empty where neither tells."""
    try:
        told: str = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    except (OSError, ValueError, KeyError):
        try:
            return installed("dreamscape")
        except PackageNotFoundError:
            return ""
    return told


def commit(root: Path = ROOT) -> str:
    """The commit that was packaged; empty in a checkout, whose files may differ from every commit."""
    try:
        text = (root / COMMIT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return "" if text.startswith(_PLACE) or not text.isalnum() else text


def in_words(root: Path = ROOT) -> str:
    """One line, as ``--version`` says it."""
    of = f" (commit {commit(root)})" if commit(root) else ""
    return f"dreamscape {version(root)}{of}".strip()
