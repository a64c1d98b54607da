"""What all pages have in common."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from services.core.commands import Command
from services.core.projections.views import View


class Page(QWidget):
    """A page of the window. The runtime calls ``refresh`` while it is visible and something has changed.

    A page never waits and never reads a disk: ``view`` holds frozen values, whether of now or of a past moment.
    What a person wants done leaves as a command; what came of it comes back as ``answered``.
    """

    command = pyqtSignal(object)
    """A ``Command`` to dispatch."""
    go_to = pyqtSignal(str, str)
    """A page id and what to select there (a process name, a decision id), or an empty string."""
    offer = pyqtSignal(str)
    """The id of an action that only the application can do: add a script, open a file."""
    held = pyqtSignal()
    """A key or a button wanted what cannot be done in the moment that is shown; the application says why."""

    def refresh(self, view: View) -> None:
        """Show what ``view`` knows."""
        raise NotImplementedError(f"{type(self).__name__} shows nothing")

    def select(self, what: str) -> None:
        """Select something by its name or id; pages without a selection ignore it."""

    def answered(self, command: Command, error: str) -> None:
        """A command of this page was obeyed, or not: ``error`` says why, and is empty when it was."""

    def why_not(self, action_id: str) -> str:
        """Why one of this page's actions cannot be done now; empty where it can."""
        return ""

    @property
    def can_act(self) -> bool:
        """Whether commands make sense: not while a past moment is shown."""
        return self._live

    def set_live(self, live: bool) -> None:
        """Tell whether the page shows now or a past moment; actions are disabled in the past."""
        self._live = live

    _live = True
