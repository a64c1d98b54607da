"""What a plug-in prints: each line is its log, and the first tells where it was printed and what does better."""

import logging
import sys
from io import TextIOBase
from pathlib import Path
from types import FrameType

from services.core.logs import PRINTED

_LONGEST = 8_192
"""Characters after which a line that never ends is logged as it stands."""


class Prints(TextIOBase):
    """Takes the place of ``sys.stdout``. Never fails: to print is no mistake."""

    def __init__(self, logger: logging.Logger, file: Path) -> None:
        self._logger = logger
        self._file = str(file)
        self._begun = ""
        self._told = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not self._told:
            self._told = True
            hint = "what it prints stands in its log; context.log.info(...) gives a line its level"
            self._logger.warning("%s: it prints; %s", self._place(), hint)
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._logger.info("%s", line, extra=PRINTED)
        if len(self._begun) > _LONGEST:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._begun:
            begun, self._begun = self._begun, ""
            self._logger.info("%s", begun, extra=PRINTED)

    def _place(self) -> str:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._file:
                return f"{self._file}:{frame.f_lineno}"
            frame = frame.f_back
        return self._file


def listen_to_prints(process: str, file: Path) -> None:
    """From now on what the plug-in ``file`` prints is the log of ``process``."""
    sys.stdout = Prints(logging.getLogger(f"process.{process}"), file)
