"""The name that somebody meant: one that begins so or has it in it, else one written alike."""

from collections.abc import Collection
from difflib import get_close_matches


def near_name(given: str, names: Collection[str]) -> str:
    """The nearest of ``names``, or nothing where none is near."""
    word = given.casefold()
    alike = [name for name in sorted(names) if word and word in name.casefold()]
    begins = [name for name in alike if name.casefold().startswith(word)]
    return next(iter([*begins, *alike, *get_close_matches(given, names, 1)]), "")


def hint(given: str, names: Collection[str], lists: str = "ps") -> str:
    """What to say to somebody who gave a name that there is not; the command ``lists`` tells those that there are."""
    near = near_name(given, names)
    return f"did you mean {near!r}?" if near else f"'dreamscape {lists}' lists them"
