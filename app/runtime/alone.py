"""A start that fails before there is a window, where nobody reads the terminal: started by a click or at login."""

import os
import sys

from PyQt6.QtWidgets import QApplication, QMessageBox

from app.runtime.start import has_display

_SHOWS_NOTHING = ("offscreen", "minimal", "vnc")
"""Platforms of Qt behind which no person sits."""


def nobody_reads() -> bool:
    """Whether what is written to standard error reaches nobody, while somebody sits before a screen."""
    if not has_display() or os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _SHOWS_NOTHING:
        return False
    return sys.stderr is None or not sys.stderr.isatty()


def show(told: str) -> None:
    """Show why it does not start, until the person has closed that."""
    known = QApplication.instance()
    _application = known if isinstance(known, QApplication) else QApplication(sys.argv[:1])
    box = QMessageBox(QMessageBox.Icon.Critical, "Dreamscape does not start", told, QMessageBox.StandardButton.Close)
    box.exec()
