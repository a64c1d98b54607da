"""Processes: everything that runs under the orchestrator, how it stands and why, and the means to steer it."""

from widgets.pages.processes.new_script import NewProject, NewScript, NewStrategy
from widgets.pages.processes.page import ProcessesPage

__all__ = ["NewProject", "NewScript", "NewStrategy", "ProcessesPage"]
