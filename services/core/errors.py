"""What went wrong in words a person can act on: what, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

_OURS = ("app", "services", "widgets")


class UserError(Exception):
    """A mistake in what the user gave: a value, a file, a folder, a command.

    Give the parts without capital and full stop. `str()` is one line, "WHERE: WHAT. MEND.", fit for a terminal,
    a log or a dialog. It never carries a secret: whoever raises it about a secret names the secret, not its value.
    """

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        super().__init__(what, where, mend)
        self.what = _one_line(what)
        self.where = _one_line(where)
        self.mend = _one_line(mend)

    def __str__(self) -> str:
        told = f"{self.where}: {_ended(self.what)}" if self.where else _sentence(self.what)
        return f"{told} {_sentence(self.mend)}" if self.mend else told


def in_words(error: BaseException) -> str:
    """What went wrong: of an error of ours its words alone, of any other its kind too, by which its author knows it."""
    told, kind = str(error), type(error)
    ours = kind.__module__.partition(".")[0] in _OURS
    return told if told and ours else f"{kind.__name__}: {told}" if told else kind.__name__


class UserErrors(UserError):
    """Several mistakes told at once; `str()` has one line for each."""

    def __init__(self, errors: Sequence[UserError]) -> None:
        if not errors:
            raise ValueError("UserErrors needs at least one error")
        first = errors[0]
        super().__init__(first.what, first.where, first.mend)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def _sentence(text: str) -> str:
    return _ended(text[:1].upper() + text[1:])


def _ended(text: str) -> str:
    return text if text.endswith(("?", "!")) else f"{text}."


def _one_line(text: str) -> str:
    """Fold white space, and drop the full stop that `str()` adds itself."""
    return " ".join(text.split()).rstrip(".")
