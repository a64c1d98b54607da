"""What the form for a new process asks for, and what is wrong with it, field by field. No Qt here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.orchestrator.definitions import field_checks as check

Faults = dict[str, str]
"""A sentence for each field that is not right, by the field's id."""


@dataclass(frozen=True, slots=True)
class NewScript:
    """A command to adopt. At most one of ``every``, ``cron`` and ``at`` is set; without any it starts with the program.

    ``at`` is a moment with its offset, ``zone`` the IANA name of the zone in which ``cron`` is meant (UTC if empty).
    ``patterns`` are names and regular expressions: ``progress``, or a metric.
    """

    name: str
    command: str
    folder: str = ""
    every: str = ""
    alive: str = ""
    cron: str = ""
    at: str = ""
    zone: str = ""
    patterns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to care for: its root, and where they are not to be found, its interpreter and name."""

    path: str
    interpreter: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewStrategy:
    """A strategy or campaign of one's own: a copy of the default ``like`` (``trading/NAME.yaml``) under a name."""

    name: str
    like: str


@dataclass(frozen=True, slots=True)
class ScriptFields:
    """What stands in the form, as it was typed; ``when`` is ``start``, ``every``, ``cron`` or ``at``."""

    name: str = ""
    command: str = ""
    folder: str = ""
    when: str = "start"
    time: str = ""
    sign: str = ""
    """How to tell that it lives: empty, ``output``, ``file`` or ``http``."""
    what: str = ""
    """The file or the address."""
    within: str = ""
    patterns: str = ""
    zone: str = ""

    @property
    def alive(self) -> str:
        """As the process's file has it."""
        match self.sign:
            case "output":
                return f"output within {self.within}"
            case "file":
                return f"file {self.what} within {self.within}"
            case "http":
                return f"http {self.what} every {self.within}"
        return ""

    def script(self) -> NewScript:
        """The script that is meant; only of use where there are no faults."""
        return NewScript(
            self.name,
            self.command,
            self.folder,
            every=self.time if self.when == "every" else "",
            alive=self.alive,
            cron=self.time if self.when == "cron" else "",
            at=datetime.fromisoformat(self.time).astimezone().isoformat() if self.when == "at" else "",
            zone=self.zone if self.when == "cron" else "",
            patterns=tuple(_patterns(self.patterns)),
        )


def script_faults(fields: ScriptFields, taken: Collection[str], now: datetime) -> Faults:
    """What is wrong with a script."""
    return _told(
        {
            "name": check.name_fault(fields.name, taken),
            "command": check.command_fault(fields.command),
            "folder": check.folder_fault(fields.folder),
            "time": _time_fault(fields, now),
            "alive": _alive_fault(fields),
            "patterns": _patterns_fault(fields.patterns),
        }
    )


def project_faults(project: NewProject, taken: Collection[str]) -> Faults:
    """What is wrong with a project, as far as it can be told without looking at the disk."""
    path = "" if project.path else "Give the project's root folder."
    return _told(
        {
            "path": path or check.folder_fault(project.path),
            "name": check.name_fault(project.name, taken) if project.name else "",
        }
    )


def strategy_faults(strategy: NewStrategy, taken: Collection[str]) -> Faults:
    """What is wrong with a copy of a strategy."""
    like = "" if strategy.like else "Say which one to begin with, such as trading/macd-eth-btc.yaml."
    return _told({"like": like, "name": check.name_fault(strategy.name, taken)})


def _time_fault(fields: ScriptFields, now: datetime) -> str:
    match fields.when:
        case "every":
            return check.every_fault(fields.time)
        case "cron":
            return check.cron_fault(fields.time)
        case "at":
            return check.moment_fault(fields.time, now)
    return ""


def _alive_fault(fields: ScriptFields) -> str:
    if fields.sign == "file" and not fields.what:
        return "Say which file it touches; a path from its folder will do."
    if fields.sign == "http" and not fields.what:
        return "Say at which address it answers, such as http://127.0.0.1:8000/health."
    if fields.sign and not fields.within:
        return "Say within which time, such as 60s."
    return check.alive_fault(fields.alive)


def _patterns(text: str) -> list[tuple[str, str]]:
    """One ``name = regular expression`` a line; empty lines do not count."""
    lines = [line for line in text.splitlines() if line.strip()]
    parts = (line.partition("=") for line in lines)
    return [(name.strip(), pattern.strip()) for name, _, pattern in parts]


def _patterns_fault(text: str) -> str:
    found = _patterns(text)
    twice = [name for name, _ in found if [each for each, _ in found].count(name) > 1]
    faults = [check.pattern_fault(name, pattern) for name, pattern in found]
    if twice:
        faults.append(f"{twice[0]!r} is there twice: write it once.")
    return next((fault for fault in faults if fault), "")


def _told(faults: Faults) -> Faults:
    return {field: fault for field, fault in faults.items() if fault}
