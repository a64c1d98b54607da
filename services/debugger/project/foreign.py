"""Folders inside a project that are not the project's own: environments, caches, version control, packages."""

import os
from collections.abc import Iterator
from pathlib import Path

VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"})
CACHES = frozenset(
    {
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        ".import_linter_cache",
        ".ipynb_checkpoints",
        ".cache",
        "htmlcov",
    }
)
ENVIRONMENTS = frozenset({".venv", "venv", ".tox", ".nox", ".pixi", "__pypackages__"})
PACKAGES = frozenset({"node_modules", ".yarn", ".eggs"})
FOREIGN = VERSION_CONTROL | CACHES | ENVIRONMENTS | PACKAGES


def is_foreign(folder: Path) -> bool:
    """Whether ``folder`` is not the project's own, by its name or because an environment lives in it."""
    return folder.name in FOREIGN or (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def python_files(root: Path) -> Iterator[str]:
    """Python files below ``root`` by walking, relative, for folders without git; links are not followed."""
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(name for name in names if not is_foreign(here / name))
        for name in sorted(files):
            if name.endswith(".py"):
                yield (here / name).relative_to(root).as_posix()


def in_foreign(root: Path, path: str) -> bool:
    """Whether a relative ``path`` lies in a folder that is not the project's own."""
    parents = Path(path).parents
    return any(is_foreign(root / parent) for parent in parents if parent != Path())
