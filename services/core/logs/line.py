"""One line of the log, as it is kept, sent between interpreters, written and shown."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from services.core.plain import plain

LONGEST_TEXT = 16_000
_MARK = 60
"""Room for the mark of a cut, so that what was cut once is whole from then on."""
_NUMBER = re.compile(r"\d+")
PRINTED = {"printed": True}
"""The ``extra`` of a record that somebody's code printed."""


class LogLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was said, when, by which process; `run` and `logger` are empty where there is none.

    `template` is the message before its arguments came in; it tells similar lines. `printed` is what a script's or a
    plug-in's own code printed, which is kept whole. Neither is written to files.
    """

    at: datetime
    level: str
    process: str
    text: str
    run: str = ""
    logger: str = ""
    template: str = ""
    printed: bool = False

    @property
    def severity(self) -> int:
        """The level as logging's number; an unknown one counts as INFO."""
        return logging.getLevelNamesMapping().get(self.level, logging.INFO)

    @property
    def subject(self) -> str:
        """Whose DEBUG lines an error of this line turns on: the run, else the logger."""
        return self.run or self.logger

    @property
    def kind(self) -> tuple[str, str, str]:
        """Lines of one kind differ in their values only."""
        return (self.process, self.level, self.template or _NUMBER.sub("#", self.text))

    def for_people(self) -> str:
        """One line for a terminal; what could steer the terminal is taken out."""
        return f"{self.at.astimezone():%Y-%m-%d %H:%M:%S} {self.level:<8} {plain(self.process)}: {plain(self.text)}"


Take = Callable[[LogLine], None]

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(LogLine)


def encode(line: LogLine) -> bytes:
    """One JSON object on one line, with the newline."""
    return _encoder.encode(line) + b"\n"


def row(line: LogLine) -> bytes:
    """The line as it stands in a file."""
    return encode(msgspec.structs.replace(line, template="", printed=False))


def decode(raw: bytes) -> LogLine | None:
    """The line of one row of a log file; None for a row that a crash or a full disk has torn."""
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def bounded(text: str, whole: int = 0) -> str:
    """What is kept of a text, with its mark where that is not all; ``whole`` is its length, where some is gone."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[: LONGEST_TEXT - _MARK]}… (cut: {whole or len(text):,} characters in all)"
