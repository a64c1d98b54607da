"""Processes: every one with why it is where it is, its runs, and all that can be done with it."""

from widgets.pages.processes.new_script import NewScript
from widgets.pages.processes.page import ProcessesPage

__all__ = ["NewScript", "ProcessesPage"]
