"""Where a project's environment may be: beside it, or where poetry, uv or conda keep it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.core.durations import seconds
from services.debugger.command import ToolFailed, Tools

_BESIDE = (".venv", "venv", "env", ".conda")


@dataclass(frozen=True)
class Candidate:
    """A place where the project's interpreter may be, and why it is looked for there."""

    python: Path
    because: str


def candidates(root: Path, tools: Tools) -> Iterator[Candidate]:
    """Interpreters that belong to the project, likeliest first; each exists as a file."""
    for prefix, because in _prefixes(root, tools):
        python = python_of(prefix)
        if os.path.lexists(python):
            yield Candidate(python, because)


def python_of(prefix: Path) -> Path:
    """The interpreter of an environment, by the layout of its system."""
    if os.name == "nt":
        program = prefix / "Scripts" / "python.exe"
        return program if program.exists() else prefix / "python.exe"
    return prefix / "bin" / "python"


def _prefixes(root: Path, tools: Tools) -> Iterator[tuple[Path, str]]:
    for name in _BESIDE:
        if (root / name / "pyvenv.cfg").is_file() or (root / name / "conda-meta").is_dir():
            yield root / name, f"{name} in the project"
    if (root / "uv.lock").is_file() and (elsewhere := os.environ.get("UV_PROJECT_ENVIRONMENT")):
        yield root / elsewhere, "uv.lock, and UV_PROJECT_ENVIRONMENT"
    if prefix := _poetry(root, tools):
        yield prefix, "poetry env info"
    if prefix := _conda(root):
        yield prefix, "environment.yml names a conda environment"


def _poetry(root: Path, tools: Tools) -> Path | None:
    program = shutil.which("poetry", path=tools.env.get("PATH"))
    if program is None or not (root / "poetry.lock").is_file():
        return None
    try:
        lines = tools.ask([program, "env", "info", "--path", "--no-interaction"], root, seconds(20))
    except ToolFailed:  # poetry answers so where it has made no environment yet
        return None
    return Path(lines[-1].strip()) if lines else None


def _conda(root: Path) -> Path | None:
    described = next((path for name in ("yml", "yaml") if (path := root / f"environment.{name}").is_file()), None)
    known = Path.home() / ".conda" / "environments.txt"
    if described is None:
        return None
    try:
        wanted = yaml.safe_load(described.read_text(encoding="utf-8"))
        prefixes = known.read_text(encoding="utf-8").splitlines() if known.is_file() else []
    except (OSError, UnicodeDecodeError, yaml.YAMLError):  # then it names no environment that could be found
        return None
    if not isinstance(wanted, dict):
        return None
    if isinstance(prefix := wanted.get("prefix"), str):
        return Path(prefix)
    return next((Path(prefix) for prefix in prefixes if Path(prefix).name == wanted.get("name")), None)
