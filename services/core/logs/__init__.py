"""Adaptive logging, the part that child interpreters need too: lines, rings, redaction. No file is written here.

A child attaches a LineHandler that sends its lines to the parent; the parent's Recorder takes them like its own.
"""

from services.core.logs.handler import LineHandler, attach, detach
from services.core.logs.line import PRINTED, LogLine, decode, encode, row
from services.core.logs.recorder import Dump, Recorder
from services.core.logs.redaction import Redactor
from services.core.logs.run import current_run, logging_as

__all__ = [
    "PRINTED",
    "Dump",
    "LineHandler",
    "LogLine",
    "Recorder",
    "Redactor",
    "attach",
    "current_run",
    "decode",
    "detach",
    "encode",
    "logging_as",
    "row",
]
