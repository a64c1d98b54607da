"""What is started for a script: words, folder and environment, from what the user wrote."""

import os
import re
import shlex
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from services.core.folders import is_folder
from services.core.sandbox import scrub
from services.core.sandbox.environment import looks_secret
from services.core.words import shortened

LONGEST_NAME = 200
_SHORTEST = 8
"""Characters that a key or password has at least; ``sort --key 2`` has none."""
_NAME = re.compile(r"-{0,2}[A-Za-z_][A-Za-z0-9_.-]{0,40}")
_ELSEWHERE = ("_FILE", "_PATH", "_DIR", "_NAME", "_ENV", "_TYPE", "_COUNT")
_SHELL = frozenset({"|", "||", "&&", "&", ";", ">", ">>", "<", "2>&1"})


@dataclass(frozen=True)
class Launch:
    """Ready to be started."""

    argv: tuple[str, ...]
    folder: Path
    environment: dict[str, str]


def launch(
    command: str | Sequence[str],
    folder: str,
    interpreter: str,
    environment: Mapping[str, str | int | float],
    pass_on: Sequence[str],
) -> Launch:
    """Resolve a command. Raises ``ValueError`` where it can be seen that it cannot work."""
    words = split_command(command)
    place = Path(folder or "~").expanduser()
    seen = scrub(os.environ, keep=pass_on)
    # Python would keep its output back in a pipe, and progress would be seen at the end.
    seen.setdefault("PYTHONUNBUFFERED", "1")
    seen |= {name: str(value) for name, value in environment.items()}
    if interpreter:
        words = (_program(interpreter, place), *words)
    elif words[0].endswith(".py"):
        words = (_python(place, seen.get("PATH", "")), *words)
    else:
        words = (_program(words[0], place), *words[1:])
    return Launch(words, place, seen)


def missing(ready: Launch) -> str:
    """What of it is not there, so that it could not be started now; nothing where all seems to be."""
    program = ready.argv[0]
    short = shortened(program, LONGEST_NAME)
    if not is_folder(ready.folder):
        return f"{short} cannot be started: {shortened(str(ready.folder), LONGEST_NAME)} is not a folder"
    beside = len(Path(program).parts) > 1 and not Path(program).is_absolute()
    if beside or shutil.which(program, path=ready.environment.get("PATH")):
        return ""
    return f"{short} cannot be started: no such program is there, or it may not be run"


def split_command(command: str | Sequence[str]) -> tuple[str, ...]:
    """The words of a command. No shell is involved: raises ``ValueError`` where the text needs one."""
    if not isinstance(command, str):
        words = tuple(command)
    else:
        try:
            words = tuple(shlex.split(command, posix=os.name == "posix"))
        except ValueError as error:
            raise ValueError(f"the command cannot be split into words: {error}") from error
        wants_shell = sorted(_SHELL & set(words))
        if wants_shell:
            raise ValueError(
                f"{wants_shell[0]!r} needs a shell, and none reads this command; write sh -c '...' instead"
            )
    if not words or not words[0].strip():
        raise ValueError("the command is empty; write what is to be run, such as 'python main.py'")
    return words


def secret_words(words: Sequence[str]) -> list[str]:
    """Names of what looks like a secret among the words: ``--api-key=…``, ``--api-key …``, ``TOKEN=…``, a bare key."""
    found = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, given, value = word.partition("=")
        if not given and word.startswith("-"):
            value = "" if following.startswith("-") else following
        if not given and not word.startswith("-"):
            name, value = "", word
        secret = looks_secret("", value) or looks_secret("", word)
        if secret or (len(value) >= _SHORTEST and _named_secret(name, value)):
            # Only what can be a name is told: an address before its '=' may hold the secret itself.
            found.append(name if _NAME.fullmatch(name) else "a word of the command")
    return found


def _named_secret(name: str, value: str) -> bool:
    """``--token-file``, ``--max-tokens 100000000`` and ``--key ./id`` only tell of one."""
    plain = name.lstrip("-").replace("-", "_").upper()
    elsewhere = plain.endswith(_ELSEWHERE) or value.isdecimal() or value.startswith(("$", "/", "~", "."))
    return not elsewhere and looks_secret(plain, "")


def signal_number(name: str) -> signal.Signals:
    """``TERM`` or ``SIGTERM`` as a number; raises ``ValueError`` with the names that this system has."""
    short = name.upper().removeprefix("SIG")
    known = {each.name.removeprefix("SIG"): each for each in signal.Signals}
    if short not in known:
        near = get_close_matches(short, known, 1)
        raise ValueError(f"{name!r} is no signal here" + (f"; did you mean {near[0]}?" if near else "; TERM is usual"))
    return known[short]


def _program(word: str, folder: Path) -> str:
    """A path is relative to the script's folder; a bare name is looked up by the system."""
    path = Path(word).expanduser()
    return str(folder / path) if len(path.parts) > 1 else word


def _python(folder: Path, search: str) -> str:
    """The folder's own environment, else the first Python on the path (never the one that runs Dreamscape)."""
    own = ("Scripts/python.exe",) if os.name == "nt" else ("bin/python",)
    for place in (folder / name / program for name in (".venv", "venv") for program in own):
        if place.exists():
            return str(place)
    for name in ("python3", "python"):
        if found := shutil.which(name, path=search):
            return found
    raise ValueError(f"no Python was found for it, neither {folder / '.venv'} nor on PATH; name an interpreter")
