"""Development or production, and why.

`detect` is a pure function of what `gather` read. Detection may only lower privilege: "prod" needs someone to
have said so, and nothing to speak against it; live trading needs a flag besides.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from app.ci import branch_in, vendors_in

Name = Literal["dev", "prod"]

_WORDS: Mapping[str, Name] = {
    "dev": "dev",
    "development": "dev",
    "local": "dev",
    "test": "dev",
    "prod": "prod",
    "production": "prod",
    "live": "prod",
}
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
ALSO_ARMED = "the account has to be armed as well (dreamscape arm)"
STAMP = "resources/build-stamp"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that detection looks at; `files` maps a path to its text, and has no key for a missing file."""

    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    flag: str | None = None
    live_flag: bool = False
    declared: str | None = None
    prod_branches: tuple[str, ...] = ("main", "release/*")
    prod_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clue:
    """One rule's finding: `says` is None where it says nothing; an explicit one was given by a person."""

    rule: int
    label: str
    found: str
    says: Name | None = None
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """What the program takes itself for. `banner` is shown wherever the user looks, while clues disagree."""

    name: Name
    because: str
    live_allowed: bool
    live_because: str
    trail: tuple[Clue, ...]
    conflicts: tuple[str, ...]
    live_asked: bool = False

    @property
    def banner(self) -> str | None:
        if not self.conflicts:
            return None
        return f"Running as dev, live trading off: {'; '.join(self.conflicts)}"

    @property
    def live_notice(self) -> str | None:
        """What whoever asked for live trading has to know at the start."""
        if self.live_allowed:
            return f"Live trading is allowed; {ALSO_ARMED}"
        if not self.live_asked:
            return None
        here = "" if self.name == "prod" else f", and this is {self.name} ({self.because})"
        return f"Live trading stays off: {self.live_because}{here}"

    @property
    def log_level(self) -> Literal["DEBUG", "INFO"]:
        """What is logged where no setting says: DEBUG where a person said that this is dev, and nobody disagrees."""
        said = any(clue.explicit and clue.says == "dev" for clue in self.trail)
        return "DEBUG" if said and not self.conflicts else "INFO"

    def explain(self) -> str:
        """The decision and everything it rested on, in one line."""
        looked_at = " | ".join(f"{clue.label} {clue.found}" for clue in self.trail)
        conflicts = "; ".join(self.conflicts) or "none"
        live = f"live_allowed={'yes' if self.live_allowed else 'no'} ({self.live_because})"
        log = f"log_level={self.log_level} ({'dev was said' if self.log_level == 'DEBUG' else 'unless dev is said'})"
        return f"env={self.name} ({self.because}) | {looked_at} | conflicts {conflicts} | {live} | {log}"


def detect(facts: Facts) -> Environment:
    """Decide by precedence: flag, APP_ENV, settings, CI, build stamp, branch, host, else dev."""
    in_ci = bool(vendors_in(facts.env))
    trail = (
        _spoken(1, "cli", facts.flag),
        _spoken(2, "APP_ENV", facts.env.get("APP_ENV")),
        _spoken(3, "settings", facts.declared),
        _ci(facts),
        _stamp(facts),
        _branch(facts, in_ci=in_ci),
        _host(facts),
        _container(facts),
    )
    conflicts = _conflicts(trail)
    first = next((clue for clue in trail if clue.says), None)
    declared_prod = first is not None and first.explicit and first.says == "prod"
    name: Name = "prod" if declared_prod and not conflicts else "dev"
    live_because = _what_forbids_live(name, in_ci=in_ci, flag=facts.live_flag)
    because = _because(first, conflicts)
    live_told = live_because or f"--live given; {ALSO_ARMED}"
    return Environment(name, because, not live_because, live_told, trail, conflicts, facts.live_flag)


def is_known(word: str) -> bool:
    """Whether a word for an environment is understood."""
    return word.strip().lower() in _WORDS


def _because(first: Clue | None, conflicts: tuple[str, ...]) -> str:
    if conflicts:
        return "what speaks disagrees, so dev"
    if first is None:
        return "rule 8: default, nothing says otherwise"
    if first.says == "prod" and not first.explicit:
        return f"rule {first.rule}: {first.label} {first.found}, but nobody declared prod"
    return f"rule {first.rule}: {first.label} {first.found}"


def _what_forbids_live(name: Name, *, in_ci: bool, flag: bool) -> str:
    """The first reason against live trading, or nothing."""
    if in_ci:
        return "never in CI"
    if name != "prod":
        return "needs prod" if flag else "needs prod and --live"
    return "" if flag else "needs --live"


def _conflicts(trail: tuple[Clue, ...]) -> tuple[str, ...]:
    """Where people disagree among themselves, or where something found speaks against a declared prod.

    A declared dev on a production branch is no conflict: it lowers.
    """
    prods = [clue for clue in trail if clue.explicit and clue.says == "prod"]
    against = [clue for clue in trail if clue.says == "dev"]
    return tuple(f"{_cite(one)} against {_cite(other)}" for one in prods for other in against)


def _cite(clue: Clue) -> str:
    return f"{clue.label} says {clue.says} ({clue.found})"


def _spoken(rule: int, label: str, word: str | None) -> Clue:
    """A word that someone gave; one that is not understood counts as dev."""
    if not word:
        return Clue(rule, label, "-")
    says = _WORDS.get(word.strip().lower())
    if says is None:
        return Clue(rule, label, f"{_short(word)!r} is neither dev nor prod", "dev", explicit=True)
    return Clue(rule, label, word, says, explicit=True)


def _ci(facts: Facts) -> Clue:
    found = vendors_in(facts.env)
    return Clue(4, "ci", f"yes ({', '.join(found)})", "dev") if found else Clue(4, "ci", "no")


def _stamp(facts: Facts) -> Clue:
    text = facts.files.get(STAMP, "").strip()
    return Clue(5, "stamp", _short(text), _WORDS.get(text.lower(), "dev")) if text else Clue(5, "stamp", "-")


def _branch(facts: Facts, *, in_ci: bool) -> Clue:
    """In CI the variables tell, as the checkout is detached; else the checkout's HEAD."""
    named = branch_in(facts.env) if in_ci else None
    via = named[1] if named else head_file(facts.files)
    branch = named[0] if named else _branch_of(facts.files.get(via or "", ""))
    if branch is None:
        return Clue(6, "branch", f"none (detached, {via})" if via in facts.files else "-")
    candidate = any(fnmatchcase(branch, pattern) for pattern in facts.prod_branches)
    return Clue(6, "branch", f"{_short(branch)} via {via}", "prod" if candidate else "dev")


def head_file(files: Mapping[str, str]) -> str | None:
    """Which file is the checkout's HEAD: in a worktree `.git` is a file that points to the real folder."""
    pointer = files.get(".git")
    if pointer is None:
        return ".git/HEAD"
    folder = pointer.strip().removeprefix("gitdir:").strip()
    return f"{folder}/HEAD" if folder else None


def _branch_of(head: str) -> str | None:
    reference = head.strip()
    return reference.removeprefix("ref: refs/heads/") if reference.startswith("ref: refs/heads/") else None


def _host(facts: Facts) -> Clue:
    pattern = next((each for each in facts.prod_hosts if fnmatchcase(facts.host, each)), None)
    if pattern:
        return Clue(7, "host", f'"{facts.host}" matches {pattern}', "prod")
    return Clue(7, "host", f'"{facts.host}" no match')


def _container(facts: Facts) -> Clue:
    """A hint for the reader only: machines that are no containers carry such marks too."""
    marks = [mark for mark in _CONTAINER_MARKS if mark in facts.files]
    if facts.env.get("KUBERNETES_SERVICE_HOST"):
        marks.append("KUBERNETES_SERVICE_HOST")
    if any(word in facts.files.get("/proc/1/cgroup", "") for word in ("docker", "kubepods", "containerd", "lxc")):
        marks.append("/proc/1/cgroup")
    return Clue(8, "container", f"maybe ({', '.join(marks)})" if marks else "no")


def _short(text: str) -> str:
    return "".join(letter for letter in text[:80] if letter.isprintable())


def gather(root: Path, env: Mapping[str, str]) -> Facts:
    """Read the facts for the checkout or installation at `root`; the rest of Facts is the caller's to add."""
    files: dict[str, str] = {}
    for name in (".git", STAMP, "/proc/1/cgroup", *_CONTAINER_MARKS):
        _read(root, name, files)
    if head := head_file(files):
        _read(root, head, files)
    return Facts(env=env, files=files, host=socket.gethostname())


def _read(root: Path, name: str, files: dict[str, str]) -> None:
    """Add a file's text; one that is missing, a folder or closed to us is no fact."""
    path = root / name  # an absolute name stands for itself
    if path.is_file() and os.access(path, os.R_OK):
        files[name] = path.read_text(encoding="utf-8", errors="replace")[:4096]
