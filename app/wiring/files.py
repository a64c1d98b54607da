"""The user's files over the defaults: the home holds them under the same paths, and the user's win by name."""

from pathlib import Path

DEFAULTS = Path(__file__).resolve().parents[2] / "strategies"
"""The read-only defaults that ship with the program."""


def layered(kind: str, home: Path) -> dict[str, Path]:
    """The YAML files of ``strategies/KIND`` by file name, the home's before the defaults."""
    found: dict[str, Path] = {}
    for folder in (DEFAULTS / kind, home / kind):
        for path in sorted(folder.glob("*.yaml")):
            found[path.name] = path
    return found


def is_default(path: Path) -> bool:
    """Whether a file is one of the read-only defaults."""
    return path.is_relative_to(DEFAULTS)


def customise(path: Path, home: Path) -> Path:
    """Copy a default into the home, where it may be changed and wins; an existing copy is kept as it is."""
    target = home / path.relative_to(DEFAULTS)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        target.write_bytes(path.read_bytes())
    return target
