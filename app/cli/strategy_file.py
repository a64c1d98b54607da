"""The file of a trading strategy that somebody named: by its path, or as one of the home's or of the shipped ones."""

from __future__ import annotations

from pathlib import Path

from app.paths import Home
from app.wiring.own_files.files import is_default, layered
from services.core.errors import UserError
from services.orchestrator.near_names import near_name
from services.trading.strategy import load_strategy

_KIND = "trading"


def strategy_file(given: str, home: Home) -> Path:
    """The file, read and found sound; raises ``UserError`` with the known ones where there is none.

    A file that is there wins over a name; a name is what the strategy calls itself, or its file's.
    """
    path = Path(given).expanduser().absolute()
    if not path.is_file():
        path = _known(given, home)
    load_strategy(path)
    return path


def _known(given: str, home: Home) -> Path:
    files = layered(_KIND, home.strategies)
    by_name = {name: path for path in files.values() for name in (_own_name(path),) if name}
    word = given.removeprefix(f"{_KIND}/")
    found = files.get(word) or files.get(f"{word}.yaml") or by_name.get(word)
    if found is not None:
        return found
    known = ", ".join(_told(path) for path in files.values())
    near = near_name(given, [path.stem for path in files.values()]) if given == Path(given).name else ""
    meant = f"did you mean {near!r}? Write" if near else "write"
    raise UserError(
        "no strategy is called so, and there is no such file",
        f"--strategy {given}",
        f"{meant} one of {known}, or the path of a file",
    )


def _own_name(path: Path) -> str:
    """What a strategy calls itself; one with a mistake is still known by its file."""
    try:
        return load_strategy(path).name
    except UserError:
        return ""


def _told(path: Path) -> str:
    return f"{path.stem} ({'comes with Dreamscape' if is_default(path) else 'yours'})"
