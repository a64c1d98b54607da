"""The three first steps, as what a form or a command line asks: a script, a project, a strategy."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.wiring.own_files.definition_text import read_text
from app.wiring.own_files.files import default_file
from services.core.errors import UserError
from services.orchestrator.commands import AddProcess, Customise
from services.orchestrator.definitions.process_files import dump


@dataclass(frozen=True)
class NewScript:
    """Any command as a process; what is empty is left to the defaults."""

    name: str
    command: str
    folder: str = ""
    interpreter: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    """A duration such as ``15m``; without any schedule it starts with the program and is kept alive."""
    cron: str = ""
    files: tuple[str, ...] = ()
    """Patterns of files whose change runs it."""
    alive: str = ""
    """``output within 60s``, ``file PATH within 60s`` or ``http URL every 10s``."""
    patterns: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    """A moment with its offset, at which it runs once."""
    zone: str = ""
    """In which ``cron`` is meant; UTC if empty."""


def add_script(new: NewScript) -> AddProcess:
    """The command that adopts a script; raises ``UserError`` for what cannot be."""
    given: dict[str, Any] = {
        "command": new.command,
        "folder": new.folder,
        "interpreter": new.interpreter,
        "environment": dict(new.environment),
        "alive": new.alive,
        "patterns": dict(new.patterns),
    }
    zone = {"zone": new.zone} if new.zone else {}
    triggers: list[dict[str, Any]] = [
        {"every": new.every},
        {"cron": new.cron} | zone,
        {"at": new.at},
        {"files": list(new.files)},
    ]
    schedule = [trigger for trigger in triggers if all(trigger.values())]
    return _add(new.name, "script", {name: value for name, value in given.items() if value}, schedule)


def add_project(path: Path, interpreter: str = "", name: str = "") -> AddProcess:
    """The command that takes a project under care, on change and each half hour; raises ``UserError``."""
    root = path.expanduser().absolute()
    if not root.is_dir():
        raise UserError("it is no folder", str(path), "give the project's root")
    given = {"path": str(root)} | ({"interpreter": interpreter} if interpreter else {})
    return _add(name or root.name, "debugger.project", given, [])


def add_strategy(name: str, like: str = "trading/macd-eth-btc.yaml") -> Customise:
    """The command that makes a strategy or campaign of one's own from the default ``like``; raises ``UserError``."""
    default_file(like)
    return Customise(like, name)


def _add(name: str, kind: str, parameters: dict[str, Any], schedule: list[dict[str, Any]]) -> AddProcess:
    document = {"kind": kind, "with": parameters} | ({"schedule": schedule} if schedule else {})
    # JSON is YAML, so what was typed into a form is checked as a file would be.
    return AddProcess(name, dump(read_text(json.dumps(document), name)))
