"""The live log: what every process says, to be narrowed down, followed and read in full."""

from widgets.pages.logs.page import ACTIONS, LogsPage

__all__ = ["ACTIONS", "LogsPage"]
