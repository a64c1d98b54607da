"""A log that takes thousands of lines a second and paints once for each batch."""

from widgets.parts.log.model import LogLine, LogModel
from widgets.parts.log.view import LogView

__all__ = ["LogLine", "LogModel", "LogView"]
