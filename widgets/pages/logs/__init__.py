"""The live log: what every process says, to be narrowed down, followed and read in full."""

from widgets.pages.logs.page import LogsPage

__all__ = ["LogsPage"]
