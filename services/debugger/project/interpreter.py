"""The project's own interpreter: where it may be, and what it says when it is asked. Never ours."""

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.core.durations import seconds
from services.debugger.command import ToolFailed, Tools
from services.debugger.findings import Finding, Severity
from services.debugger.project.environments import Candidate, candidates, python_of

_PROBE = """
import json, sys
said = {"version": "%d.%d.%d" % sys.version_info[:3], "prefix": sys.prefix, "pytest": "", "why": "", "plugins": []}
try:
    import pytest
    said["pytest"] = pytest.__version__
except BaseException as error:
    said["why"] = "%s: %s" % (type(error).__name__, error)
try:
    from importlib import metadata
    found = metadata.entry_points()
    found = found.select(group="pytest11") if hasattr(found, "select") else found.get("pytest11", [])
    said["plugins"] = sorted(set(point.name for point in found))
except Exception as error:
    said["why"] = said["why"] or "plugins: %s" % error
print(sys.argv[1] + json.dumps(said))
"""


@dataclass(frozen=True)
class Interpreter:
    """An interpreter that answered: ``pytest`` is the version found there, empty with ``why`` when there is none."""

    path: Path
    version: str
    prefix: Path
    pytest: str
    plugins: frozenset[str]
    why: str = ""


@dataclass(frozen=True)
class Found:
    """The interpreter with the reason it was taken, or none with the findings that say why."""

    interpreter: Interpreter | None
    because: str
    findings: tuple[Finding, ...] = ()


def find_interpreter(root: Path, configured: str, tools: Tools) -> Found:
    """The first interpreter that answers: configured, then the project's environments. Broken ones are findings.

    A configured one that does not answer is not replaced by another: the user meant that one.
    """
    findings: list[Finding] = []
    for candidate in _asked(root, configured, tools):
        try:
            interpreter = probe(candidate.python, tools)
        except ToolFailed as error:
            findings.append(_broken(candidate, str(error)))
            continue
        if is_ours(interpreter):
            findings.append(_ours(candidate))
            continue
        return Found(interpreter, candidate.because, (*findings, *_no_pytest(interpreter)))
    return Found(None, "none was found", tuple(findings) or (_none(root),))


def probe(python: Path, tools: Tools) -> Interpreter:
    """Ask an interpreter who it is and whether pytest imports there. Raises ``ToolFailed``."""
    nonce = secrets.token_hex(8)
    with tempfile.TemporaryDirectory(prefix="probe-") as empty:  # "-c" puts the folder it runs in on the path
        lines = tools.ask([str(python), "-c", _PROBE, nonce], Path(empty), seconds(30))
    said = _said(lines, nonce)
    if said is None:
        raise ToolFailed(f"{python.name} ran but gave no answer; it is no Python interpreter")
    return Interpreter(
        python, said["version"], Path(said["prefix"]), said["pytest"], frozenset(said["plugins"]), said["why"][:300]
    )


def is_ours(interpreter: Interpreter) -> bool:
    """Whether it is the environment that Dreamscape itself runs in."""
    return os.path.realpath(interpreter.prefix) == os.path.realpath(sys.prefix)


def _asked(root: Path, configured: str, tools: Tools) -> Iterator[Candidate]:
    if not configured:
        yield from candidates(root, tools)
        return
    given = root / Path(configured).expanduser()
    yield Candidate(python_of(given) if given.is_dir() else given, "configured")


def _said(lines: list[str], nonce: str) -> dict[str, Any] | None:
    for line in lines:
        if line.startswith(nonce):
            return dict(json.loads(line.removeprefix(nonce)))
    return None


def _broken(candidate: Candidate, why: str) -> Finding:
    mend = (
        "choose a working interpreter in the project's settings"
        if candidate.because == "configured"
        else "make the environment anew: python -m venv --clear, then install the project's requirements"
    )
    return Finding(Severity.ERROR, f"the interpreter does not run: {why}", str(candidate.python), mend)


OURS = "this is the environment Dreamscape itself runs in; foreign code is not run there"


def _ours(candidate: Candidate) -> Finding:
    return Finding(
        Severity.WARNING,
        OURS,
        str(candidate.python),
        "make an environment of the project's own, or choose one in the project's settings",
    )


def _none(root: Path) -> Finding:
    return Finding(
        Severity.ERROR,
        "the project has no interpreter of its own, so its tests cannot be run",
        str(root),
        f"make one: python -m venv {root / '.venv'}, then install the project and pytest there; "
        "or choose one in the project's settings",
    )


def _no_pytest(interpreter: Interpreter) -> tuple[Finding, ...]:
    if interpreter.pytest:
        return ()
    what = f"pytest does not import in the project's interpreter ({interpreter.why})"
    mend = f"{interpreter.path} -m pip install pytest"
    return (Finding(Severity.ERROR, what, str(interpreter.path), mend),)
