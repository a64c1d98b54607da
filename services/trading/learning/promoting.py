"""Promotion as an act: the challenger's values go into the user's file, and the file before comes back by undo."""

import re
from datetime import timedelta
from pathlib import Path

from services.core.effects import AT_ONCE, Details, Outcome, Refused, Standing
from services.core.errors import UserError
from services.core.whole_files import write_whole
from services.core.yamlfile import parse_model
from services.trading.learning.effects import PromoteStrategy
from services.trading.strategy import Strategy

_FILE = re.compile(r"[\w.-]{1,80}\.yaml")


class PromoteFiles:
    """Writes the user's files in ``own``; what is not there yet is the default of that name."""

    def __init__(self, own: Path, defaults: Path) -> None:
        self._own = own
        self._defaults = defaults

    def carry_out(self, effect: PromoteStrategy) -> Details:
        """Write it; raises ``Refused`` where the file is another by now, or the new one is no strategy."""
        path = self._path(effect)
        if self._text(effect) != effect.after:
            if why := self.still_holds(effect):
                raise Refused(why)
            self._write(path, effect.after)
        return {"path": str(path)}

    def look_up(self, effect: PromoteStrategy) -> Outcome:
        text = self._text(effect)
        if text == effect.after:
            return Outcome(Standing.DONE, {"path": str(self._path(effect))})
        if text == effect.before:
            return Outcome(Standing.NOT_DONE, why="the file is as it was")
        return Outcome(Standing.UNKNOWN, why=_CHANGED.format(effect.file))

    def settling(self, effect: PromoteStrategy) -> timedelta:
        """A file is replaced at once, or not at all."""
        return AT_ONCE

    def still_holds(self, effect: PromoteStrategy) -> str:
        """Why it must not be written any more; empty where it may be."""
        text = self._text(effect)
        if text is None:
            return f"{effect.file} is none of your strategies any more"
        if text != effect.before:
            return _CHANGED.format(effect.file)
        try:
            parse_model(effect.after, Strategy, effect.file)
        except UserError as mistake:
            return str(mistake)
        return ""

    def undo(self, effect: PromoteStrategy, details: Details) -> Details:
        """Put the file before back; where that was the default, the user's own goes."""
        path, text = self._path(effect), self._text(effect)
        if text != effect.before:
            if text != effect.after:
                raise Refused(_CHANGED.format(effect.file))
            if _read(self._defaults / effect.file) == effect.before:
                path.unlink(missing_ok=True)
            else:
                self._write(path, effect.before)
        return {"path": str(path)}

    def _path(self, effect: PromoteStrategy) -> Path:
        if not _FILE.fullmatch(effect.file):
            raise Refused(f"{effect.file!r} is no name of a strategy's file")
        return self._own / effect.file

    def _text(self, effect: PromoteStrategy) -> str | None:
        own = _read(self._path(effect))
        return own if own is not None else _read(self._defaults / effect.file)

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())


_CHANGED = "{} has been changed by hand since; what stands in it is left alone"


def _read(path: Path) -> str | None:
    """As it stands, line ends and all; None where there is no such file."""
    try:
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
