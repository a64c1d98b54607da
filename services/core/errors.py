"""Errors that are told to a person: what is wrong, where, and how to mend it."""


class UserError(Exception):
    """Something the user can mend. ``str()`` is one line: ``WHERE: WHAT. MEND.``"""

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        super().__init__(what, where, mend)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return place + " ".join(_sentence(part) for part in (self.what, self.mend) if part)


class Mistakes(UserError):
    """Several mistakes at once, one line each."""

    def __init__(self, mistakes: tuple[UserError, ...]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
