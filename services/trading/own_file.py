"""A strategy's file under the name that its owner knows it by: what runs, runs by a copy that nobody wrote."""

from pathlib import Path

_COPIES, _OWN = "taken", "strategies"


def own_file(path: str | Path) -> str:
    """The owner's file of which ``path`` is the copy that was taken; any other path as it is."""
    parts = Path(path).parts
    for place in range(len(parts) - 1):
        if parts[place : place + 2] == (_COPIES, _OWN):
            return str(Path(*parts[:place], *parts[place + 1 :]))
    return str(path)
