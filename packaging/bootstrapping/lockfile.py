"""Reads `requirements.lock`: one pinned package after another, each with its hashes."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

QT = frozenset({"pyqt6", "pyqt6-qt6", "pyqt6-sip", "pyqtgraph", "qasync", "pytest-qt"})
# The linters' own requirements go with them; nothing in services/ imports these.
LINTERS = frozenset(
    {"ruff", "mypy", "mypy-extensions", "librt", "ast-serialize", "import-linter", "grimp", "types-pyyaml"}
)


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Name (normalised) and whole text of each pinned package, hashes and remarks included."""
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        name = re.match(r"[A-Za-z0-9._-]+", block)
        if name:
            yield normalised(name.group()), block


def normalised(name: str) -> str:
    """The one spelling of a package's name: lower case, dashes only."""
    return re.sub(r"[-_.]+", "-", name).lower()


def without(text: str, names: Collection[str]) -> str:
    """The lock less these packages; every other line stays as it is."""
    return "".join(block for name, block in entries(text) if name not in names)
