"""Finds a Python that Dreamscape runs on, or the line that installs one."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from . import debian
from .console import SUPPORTED, BootstrapError, ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NO_VENV = "cannot make virtual environments (ensurepip is missing)"

# Asked of each candidate. Inside a virtual environment the base is named, for none is built on another.
QUESTION = """
import json, sys, sysconfig
try:
    import ensurepip, venv
    can_make_environments = True
except ImportError:
    can_make_environments = False
inside = sys.prefix != getattr(sys, "base_prefix", sys.prefix)
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "executable": getattr(sys, "_base_executable", sys.executable) if inside else sys.executable,
    "cpython": sys.version_info < (3, 3) or sys.implementation.name == "cpython",
    "bits": 64 if sys.maxsize > 2 ** 32 else 32,
    "gil": not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "venv": can_make_environments,
}))
"""


class Interpreter:
    """One Python on this machine; `fault` says why it cannot be used and is empty when it can."""

    def __init__(self, executable: str, version: Sequence[int], fault: str) -> None:
        self.executable = executable
        self.version = ".".join(str(part) for part in version)
        self.fault = fault


def find(environ: Mapping[str, str], running: str | None = None) -> Interpreter:
    """The first usable Python: the one running, else the newest on PATH.

    Raises:
        BootstrapError: there is none; it says what was looked at and which line installs one.
    """
    unusable = []
    seen = set()
    for command in candidates(environ, running or sys.executable):
        interpreter = examine(command)
        if not interpreter.fault:
            return interpreter
        told = (interpreter.executable, interpreter.fault)
        if told not in seen:
            seen.add(told)
            unusable.append(interpreter)
    for interpreter in unusable:
        if interpreter.fault == NO_VENV and debian.install([venv_package(interpreter)]):
            return examine([interpreter.executable])
    raise BootstrapError(describe(unusable), advice(environ, unusable))


def candidates(environ: Mapping[str, str], running: str) -> Iterator[list[str]]:
    """Commands that may start a Python, best first; on PATH every folder counts, not only the first hit."""
    yield [running]
    folders = [folder for folder in environ.get("PATH", "").split(os.pathsep) if folder]
    suffix = ".exe" if os.name == "nt" else ""
    launcher = shutil.which("py", path=environ.get("PATH", "")) if os.name == "nt" else None
    pyenv = Path(environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for major, minor in SUPPORTED:
        yield from on_path(folders, f"python{major}.{minor}{suffix}")
        if launcher:
            yield [launcher, f"-{major}.{minor}"]
        # A shim of pyenv refuses every version that is installed but not chosen: ask the versions themselves.
        versions = pyenv.glob(f"versions/{major}.{minor}.*/bin/python{major}.{minor}")
        yield from ([str(path)] for path in sorted(versions, reverse=True))
    for name in ("python3", "python"):
        yield from on_path(folders, name + suffix)


def on_path(folders: list[str], name: str) -> Iterator[list[str]]:
    for folder in folders:
        path = Path(folder) / name
        if os.access(path, os.X_OK) and path.is_file():
            yield [str(path)]


def examine(command: Sequence[str]) -> Interpreter:
    """Starts the command and asks it what it is. A shim that only prints an error is no interpreter."""
    code, output = ask([*command, "-I", "-c", QUESTION], seconds=20)
    try:
        answer = json.loads(output.strip().splitlines()[-1]) if code == 0 else None
    except (ValueError, IndexError):
        answer = None
    if not isinstance(answer, dict):
        first = output.strip().splitlines()[:1] or [f"exit code {code}"]
        return Interpreter(" ".join(command), (), f"does not start: {first[0][:100]}")
    return Interpreter(answer["executable"], answer["version"], fault_of(answer))


def fault_of(answer: Mapping[str, object]) -> str:
    version = answer["version"]
    if not isinstance(version, list) or tuple(version[:2]) not in SUPPORTED:
        return "is not among 3.11, 3.12 and 3.13"
    if not answer["cpython"] or not answer["gil"]:
        return "is not the ordinary CPython, for which the window's packages are built"
    if answer["bits"] != 64:
        return "is a 32-bit Python, for which Qt is not built"
    return "" if answer["venv"] else NO_VENV


def describe(unusable: Sequence[Interpreter]) -> str:
    lines = [f"  {one.executable}{' (' + one.version + ')' if one.version else ''} {one.fault}" for one in unusable]
    return "\n".join(["Dreamscape needs Python 3.11, 3.12 or 3.13, and none was found. Looked at:", *lines])


def venv_package(interpreter: Interpreter) -> str:
    return "python{}.{}-venv".format(*interpreter.version.split("."))


def advice(environ: Mapping[str, str], unusable: Sequence[Interpreter] = (), system: str = sys.platform) -> str:
    """The exact line that installs a fitting Python on this system."""
    path = environ.get("PATH", "")
    for interpreter in unusable:
        if interpreter.fault == NO_VENV and shutil.which("apt-get", path=path):
            return debian.line([venv_package(interpreter)])
    if system == "win32":
        return "winget install Python.Python.3.13"
    if system == "darwin" and shutil.which("brew", path=path):
        return "brew install python@3.13"
    if shutil.which("pyenv", path=path):
        return "pyenv install 3.13"
    if shutil.which("conda", path=path):
        return "conda create --name dreamscape python=3.13 && conda activate dreamscape"
    return system_line(path, system)


def system_line(path: str, system: str) -> str:
    """By the system's own package tool; on Debian's family the newest version that its release offers."""
    if shutil.which("apt-get", path=path):
        for major, minor in SUPPORTED:
            name = f"python{major}.{minor}"
            if debian.offers(name):
                return debian.line([name, name + "-venv"])
    for tool, line in (
        ("dnf", "sudo dnf install python3.13"),
        ("zypper", "sudo zypper install python313"),
        ("brew", "brew install python@3.13"),
    ):
        if shutil.which(tool, path=path):
            return line
    if system == "darwin":
        return "install Python 3.13 from python.org, or Homebrew and then: brew install python@3.13"
    return "install pyenv (your system offers no fitting Python), then: pyenv install 3.13"
