"""What Qt itself has to say goes to the log, instead of past it to standard error."""

import logging

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_OFF_SCREEN = "This plugin does not support "
"""What Qt says, per window, where there is no screen."""


def to_log() -> None:
    """Take Qt's messages over."""
    qInstallMessageHandler(_heard)


def _heard(kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    told = text or ""
    log.log(logging.DEBUG if told.startswith(_OFF_SCREEN) else _LEVELS[kind], "%s", told)
