"""What a person typed for a new process, checked field by field with the rules of the files.

Each check gives one sentence that says what is wrong and what would be right, or nothing where all is well.
"""

import re
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from services.core.durations import parse_duration, write_duration
from services.orchestrator.definitions.definition import NAME
from services.orchestrator.scripts.launch import split_command
from services.orchestrator.scripts.life import Alive
from services.orchestrator.scripts.output import check_pattern
from services.orchestrator.triggers.cron import check_cron
from services.orchestrator.triggers.entry import SHORTEST


def name_fault(name: str, taken: Collection[str] = ()) -> str:
    """A process's name; ``taken`` are those that there are."""
    if not name:
        return "Give it a name, such as nightly-report."
    if re.match(NAME, name) is None:
        return "A name has letters, digits, '.', '_' and '-', begins with a letter or digit, and has at most 64."
    return f"A process is called {name!r} already: give this one another name." if name in taken else ""


def command_fault(command: str) -> str:
    """The words of a command; no shell runs it."""
    if not command.strip():
        return "Say what is to be run, such as python main.py --fast."
    return _fault(lambda: split_command(command))


def folder_fault(folder: str) -> str:
    """A folder that means the same wherever Dreamscape was started."""
    if folder and not Path(folder).expanduser().is_absolute():
        return f"{folder!r} depends on where Dreamscape was started: write the whole path, or begin with ~."
    return ""


def every_fault(every: str) -> str:
    """An interval."""
    if not every:
        return "Say how often, such as 15m or 1h30m."
    fault = _fault(lambda: parse_duration(every))
    if not fault and parse_duration(every) < SHORTEST:
        return f"{every} is too short for a schedule: {write_duration(SHORTEST)} is the least."
    return fault


def cron_fault(cron: str) -> str:
    """A calendar expression."""
    if not cron:
        return "Write minute, hour, day of month, month, day of week, such as 30 6 * * 1-5."
    return _fault(lambda: check_cron(cron))


def moment_fault(at: str, now: datetime) -> str:
    """A time of day to come, local where it has no offset."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return "Write a day and a time, such as 2027-01-31 09:30."
    return f"{at} has passed: write a time to come." if moment.astimezone() <= now else ""


def alive_fault(alive: str) -> str:
    """How one can tell that it lives; empty is while it runs."""
    return _fault(lambda: Alive.parse(alive)) if alive else ""


def pattern_fault(name: str, pattern: str) -> str:
    """A regular expression for ``progress``, or for a metric."""
    if re.fullmatch(r"[A-Za-z_][\w.]*", name, re.ASCII) is None:
        return f"{name!r} is no name for a metric: write name = pattern, such as queue = queue=(\\d+)."
    return _fault(lambda: check_pattern(name, pattern))


def _fault(check: Callable[[], object]) -> str:
    try:
        check()
    except ValueError as error:
        told = str(error).rstrip(".")
        return f"{told[:1].upper()}{told[1:]}."
    return ""
