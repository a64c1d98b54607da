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
    """One line without its end."""

    stream: Stream
    text: str
    whole: int = 0
    """Bytes of the line as it was written, where it was longer than the bound and its rest is dropped; else 0."""

    @property
    def cut(self) -> bool:
        return bool(self.whole)


_END = re.compile(rb"\r?\n|\r(?!\n)(?!\Z)")
"""A lone carriage return ends a line too, once something follows: a progress bar is told as it moves."""


class Splitter:
    """Turns chunks of bytes into lines of at most ``longest`` bytes; keeps no more than that in memory."""

    def __init__(self, stream: Stream, longest: int, undecodable: str = "replace") -> None:
        self._stream = stream
        self._longest = longest
        self._undecodable = undecodable
        self._rest = b""
        self._dropped = 0
        """Bytes of the line under way that are kept no more."""

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that ``chunk`` completes."""
        *complete, rest = _END.split(self._rest + chunk)
        lines = []
        for part in complete:
            lines.append(self._line(part))
            self._dropped = 0
        self._rest = self._bounded(rest)
        return lines

    def end(self) -> list[Line]:
        """The last line where the child ended without a line end."""
        rest, self._rest = self._rest.removesuffix(b"\r"), b""
        line = [self._line(rest)] if rest else []
        self._dropped = 0
        return line

    def _bounded(self, rest: bytes) -> bytes:
        """No more of it than is needed; a carriage return at its end may be half of a line end."""
        too_many = len(rest) - self._longest - 1
        if too_many <= 0:
            return rest
        self._dropped += too_many
        last = b"\r" if rest.endswith(b"\r") else b""
        return rest[: self._longest + 1 - len(last)] + last

    def _line(self, raw: bytes) -> Line:
        text = raw[: self._longest].decode("utf-8", errors=self._undecodable)
        whole = len(raw) + self._dropped
        return Line(self._stream, text, whole if whole > self._longest else 0)
