"""Processes: everything that runs under the orchestrator, how it stands and why, and the means to steer it."""

from widgets.pages.processes.page import ACTIONS, ProcessesPage
from widgets.pages.processes.state import processes_state

__all__ = ["ACTIONS", "ProcessesPage", "processes_state"]
