"""The program's log on its way to the pages that show one: the newest lines, or those of a past moment."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from app.logs import read_tail
from app.program import Program
from services.core.logs import LogLine
from widgets.frame_pump import FramePump
from widgets.pages.page import Page

KEPT_LINES = 10_000
"""Log lines that a page gets when it is first opened."""
RECALLED_LINES = 500


@runtime_checkable
class ShowsLog(Protocol):
    """A page that shows the log."""

    def add_log_lines(self, lines: tuple[LogLine, ...]) -> None: ...

    def note_dropped(self, count: int, at: datetime) -> None: ...

    def show_past_log(self, lines: tuple[LogLine, ...] | None) -> None: ...


class PageLog:
    """On the GUI thread, but for ``take``: lines come from any thread, and are given on at the next beat."""

    def __init__(self, program: Program, pump: FramePump, pages: Mapping[str, Page]) -> None:
        self._program, self._pump, self._pages = program, pump, pages
        self._kept: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self._past: tuple[LogLine, ...] | None = None
        self._lost = 0
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Hear the program's log from now on."""
        self._lines = self._pump.batch(self._give)
        self._stop = self._program.logs.subscribe(self.take)

    def close(self) -> None:
        self._stop()

    def recall(self) -> None:
        """Have the lines of before the window was there read from the file, in a worker."""
        self._program.engine.workers.start(
            "log tail", lambda: self.take(read_tail(self._program.home.log, RECALLED_LINES))
        )

    def take(self, lines: tuple[LogLine, ...]) -> None:
        for line in lines:
            self._lines.put(line)

    def begin(self, page: Page) -> None:
        """A page is there that may show a log."""
        if isinstance(page, ShowsLog):
            if self._kept:
                page.add_log_lines(tuple(self._kept))
            page.show_past_log(self._past)

    def show_past(self, lines: tuple[LogLine, ...] | None) -> None:
        """The lines up to a past moment, in place of now's; None for now's."""
        self._past = lines
        for page in self._pages.values():
            if isinstance(page, ShowsLog):
                page.show_past_log(lines)

    def _give(self, lines: tuple[LogLine, ...]) -> None:
        self._kept.extend(lines)
        lost, self._lost = self._lines.dropped - self._lost, self._lines.dropped
        for page in self._pages.values():
            if isinstance(page, ShowsLog):
                page.add_log_lines(lines)
                if lost:
                    page.note_dropped(lost, self._program.clock.now())
