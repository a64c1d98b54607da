"""How the window was left, kept in the home: its size and place, its panes, and the page that was open."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer

from app.paths import Home
from app.runtime.qt.qt_workers import QtWorkers
from services.core.whole_files import write_whole
from widgets.frame.main_window import PAGE, MainWindow

log = logging.getLogger(__name__)
SETTLE_MS = 1_000
"""How long nothing has to change until it is written: a drag is one change."""


class Layout(QObject):
    """Reads the file at the start, writes it some time after each change and at the end; it decides nothing."""

    def __init__(self, home: Home, window: MainWindow, workers: QtWorkers) -> None:
        super().__init__()
        self._file, self._window, self._workers = home.window, window, workers
        self._known: Mapping[str, str] = {}
        self._written: Mapping[str, str] = {}
        self._writing = threading.Lock()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._settled)

    @property
    def page(self) -> str:
        """The page that was open last; empty where none is known."""
        return self._known.get(PAGE, "")

    def read(self) -> None:
        """Take in what was kept. Blocks. A file that cannot be read is told of, and the defaults hold."""
        self._known = self._written = read_layout(self._file)

    def restore(self) -> None:
        """Arrange the window so, and follow it from now on; once it is filled."""
        self._window.restore_sizes(self._known)
        self._window.arranged.connect(self._settle.start)

    def note(self) -> None:
        """Take down how the window is now, for ``write``; on its thread."""
        self._settle.stop()
        if self._window.is_open:
            self._known = self._window.layout_sizes()

    def write(self) -> None:
        """Keep what was noted last, if it is another than is kept. Blocks; from any thread."""
        with self._writing:
            known = self._known
            if known == self._written:
                return
            try:
                write_layout(self._file, known)
                self._written = known
            except OSError as error:
                log.warning("how the window is arranged is not kept: %s", error)

    def _settled(self) -> None:
        self.note()
        self._workers.start("layout", self.write)


def read_layout(file: Path) -> Mapping[str, str]:
    """What the file says, by name; nothing where there is none, or where it is damaged, which is told in the log."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise ValueError("it is not a list of names and texts")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning(
            "%s cannot be read (%s): the window opens as it does at first; the file is written anew", file, error
        )
        return {}
    return found


def write_layout(file: Path, sizes: Mapping[str, str]) -> None:
    """Replace the file whole: a reader, or a crash, finds the old one or the new one. Raises ``OSError``."""
    write_whole(file, json.dumps(sizes, indent=1).encode())
