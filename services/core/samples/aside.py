"""Damaged files of samples that were set aside: ``NAME.db.damaged-N`` beside the new one, the newest few of each."""

import re
from collections.abc import Iterable
from pathlib import Path

KEPT = 3
"""Copies that are kept of each file: to be looked into, or given to who can."""
_ASIDE = re.compile(r"(?P<file>.+\.db)\.damaged-(?P<number>\d+)")
_PARTS = ("-wal", "-shm", "")


def set_aside(path: Path) -> Path:
    """Move a damaged file, with its log, out of the way; returns where it is kept."""
    number = max((each for name, each in aside_of(path.parent) if name == path.name), default=0) + 1
    kept = path.with_name(f"{path.name}.damaged-{number}")
    for ending in _PARTS:
        part = Path(f"{path}{ending}")
        if part.exists():
            part.replace(f"{kept}{ending}")
    return kept


def beyond(folder: Path, names: Iterable[str], most: int = KEPT) -> list[Path]:
    """What is set aside and may go: all but the newest ``most`` of each file, and all of files not in ``names``."""
    found = aside_of(folder)
    newest = {name: sorted((number for each, number in found if each == name), reverse=True)[:most] for name in names}
    return [folder / f"{name}.damaged-{number}" for name, number in found if number not in newest.get(name, ())]


def aside_of(folder: Path) -> list[tuple[str, int]]:
    """What is set aside: the file's name and the number of the copy, oldest first."""
    found = (_ASIDE.fullmatch(path.name) for path in folder.glob("*.db.damaged-*"))
    return sorted((each["file"], int(each["number"])) for each in found if each)
