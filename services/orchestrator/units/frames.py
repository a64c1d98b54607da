"""Where work stands: the innermost frame of the process's own code, whatever library or part of ours it waits in."""

import re
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_SERVICES = Path(__file__).resolve().parents[2]
_HOUSE = tuple(str(_SERVICES / name) for name in ("core", "orchestrator"))
_DUMPED = re.compile(r'File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)')
"""A frame as faulthandler writes it."""


class Frame(NamedTuple):
    """One call that is under way."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


def frame_of(thread: int | None) -> str:
    """Where a thread of this interpreter stands."""
    frame = sys._current_frames().get(thread) if thread is not None else None
    if frame is None:
        return "its thread has ended"
    stack = [Frame(each.filename, each.lineno or 0, each.name) for each in traceback.extract_stack(frame)]
    return str(own(stack[::-1]))


def main_frame(words: Iterable[str]) -> str:
    """Where the main thread of a child stands, which a dump of all threads lists last; empty where there is no dump."""
    frames: list[Frame] = []
    for word in words:
        line = word.strip()
        if line.startswith(("Thread 0x", "Current thread 0x")):
            frames = []
        elif found := _DUMPED.match(line):
            frames.append(Frame(found["file"], int(found["line"]), found["function"]))
    return str(own(frames)) if frames else ""


def own(stack: Sequence[Frame]) -> Frame:
    """The innermost frame that is the process's own, else one that is no library's; ``stack`` begins with it."""
    ours = [frame for frame in stack if not frame.file.startswith((*_LIBRARIES, "<"))]
    written = [frame for frame in ours if not frame.file.startswith(_HOUSE)]
    return next(iter(written or ours or stack))
