"""Output as lines of bounded length, whatever a child writes."""

import re
from enum import StrEnum
from typing import NamedTuple


class Stream(StrEnum):
    """Where a line came from."""

    OUT = "out"
    ERR = "err"
    CHANNEL = "channel"
    """The private descriptor that a child was given for records."""


class Line(NamedTuple):
    """One line without its end. ``cut`` says that the line was longer than the bound and its rest is dropped."""

    stream: Stream
    text: str
    cut: bool = False


_END = re.compile(rb"\r?\n|\r(?!\n)(?!\Z)")
"""A lone carriage return ends a line too, once something follows: a progress bar is told as it moves."""


class Splitter:
    """Turns chunks of bytes into lines of at most ``longest`` bytes; keeps no more than that in memory."""

    def __init__(self, stream: Stream, longest: int, undecodable: str = "replace") -> None:
        self._stream = stream
        self._longest = longest
        self._undecodable = undecodable
        self._rest = b""
        self._skipping = False

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that ``chunk`` completes, and those that it made longer than the bound."""
        lines = []
        *complete, rest = _END.split(self._rest + chunk)
        for part in complete:
            if not self._skipping:
                lines.append(self._line(part))
            self._skipping = False
        self._rest = b"" if self._skipping else rest
        if len(self._rest) > self._longest:
            lines.append(self._line(self._rest))
            self._rest, self._skipping = b"", True
        return lines

    def end(self) -> list[Line]:
        """The last line where the child ended without a line end."""
        rest, self._rest = self._rest.removesuffix(b"\r"), b""
        return [self._line(rest)] if rest else []

    def _line(self, raw: bytes) -> Line:
        text = raw[: self._longest].decode("utf-8", errors=self._undecodable)
        return Line(self._stream, text, cut=len(raw) > self._longest)
