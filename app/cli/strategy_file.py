"""The file of a trading strategy that somebody named: by its path, or as one of the home's or of the shipped ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from services.core.errors import UserError

if TYPE_CHECKING:
    from app.paths import Home

_KIND = "trading"


def strategy_file(given: str, home: Home) -> Path:
    """The file, read and found sound; raises ``UserError`` where there is none or it has a mistake."""
    from services.trading.strategy import load_strategy

    path = strategy_at(given, home, f"--strategy {given}").absolute()
    load_strategy(path)
    return path


def strategy_at(given: str, home: Home, where: str) -> Path:
    """The file that is meant; raises ``UserError``, told at ``where``, with the known ones where there is none.

    A file that is there wins over a name; a name is the file's, else what the strategy calls itself. Two that call
    themselves alike are told apart by their files alone.
    """
    from app.wiring.own_files.files import layered
    from services.orchestrator.near_names import near_name

    path = Path(given).expanduser()
    if path.is_file():
        return path
    files, word = layered(_KIND, home.strategies), given.removeprefix(f"{_KIND}/")
    if found := files.get(word) or files.get(f"{word}.yaml"):
        return found
    called = [each for each in files.values() if word and _own_name(each) == word]
    if len(called) > 1:
        mend = f"write {' or '.join(each.stem for each in called)}, or give each a name of its own"
        raise UserError(f"{len(called)} strategies call themselves {word!r}", where, mend)
    if called:
        return called[0]
    if path.name != given or path.suffix in (".yaml", ".yml"):
        return path  # who reads it says what is wrong with it
    known = ", ".join(_told(each) for each in files.values())
    near = near_name(given, [each.stem for each in files.values()])
    meant = f"did you mean {near!r}? Write" if near else "write"
    raise UserError(
        f"there is no strategy called {given or repr(given)}", where, f"{meant} one of {known}, or the path of a file"
    )


def _own_name(path: Path) -> str:
    """What a strategy calls itself; one with a mistake is still known by its file."""
    from services.trading.strategy import load_strategy

    try:
        return load_strategy(path).name
    except UserError:
        return ""


def _told(path: Path) -> str:
    from app.wiring.own_files.files import is_default

    return f"{path.stem} ({'comes with Dreamscape' if is_default(path) else 'yours'})"
