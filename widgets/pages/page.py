"""What all pages have in common."""

from collections.abc import Iterator
from typing import ClassVar

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from services.core.commands import Command
from services.core.projections.views import View
from widgets.actions import ActionEntry


class Page(QWidget):
    """A page of the window. The runtime calls ``refresh`` while it is visible and something has changed.

    A page never waits and never reads a disk: ``view`` holds frozen values, whether of now or of a past moment.
    What a person wants done leaves as a command; what came of it comes back as ``answered``.
    """

    ACTIONS: ClassVar[tuple[ActionEntry, ...]] = ()
    """What can be done on this page by key or palette; each id begins with the page's own."""

    command = pyqtSignal(object)
    """A ``Command`` to dispatch."""
    go_to = pyqtSignal(str, str)
    """A page id and what to select there (a process name, a decision id), or an empty string."""
    offer = pyqtSignal(str)
    """The id of an action that only the application can do: add a script, open a file."""
    moment_wanted = pyqtSignal(object)
    """A past moment to show on every page (a datetime, UTC), or None for now."""
    held = pyqtSignal()
    """A key or a button wanted what cannot be done in the moment that is shown; the application says why."""

    def refresh(self, view: View) -> None:
        """Show what ``view`` knows."""
        raise NotImplementedError(f"{type(self).__name__} shows nothing")

    def in_parts(self, view: View) -> Iterator[None]:
        """The same a part at a time, with a frame's work in each: the runtime asks for the next one at each beat."""
        self.refresh(view)
        yield from ()

    def select(self, what: str) -> None:
        """Select something by its name or id; pages without a selection ignore it."""

    def obey(self, action_id: str) -> None:
        """Take one of this page's ``ACTIONS``; pages without any have nothing to take."""

    def answered(self, command: Command, error: str) -> None:
        """A command of this page was obeyed, or not: ``error`` says why, and is empty when it was."""

    def why_not(self, action_id: str) -> str:
        """Why one of this page's actions cannot be done now; empty where it can."""
        return ""

    @property
    def at_rest(self) -> bool:
        """Whether nothing that was begun on this page is still under way."""
        return True

    @property
    def can_act(self) -> bool:
        """Whether commands make sense: not while a past moment is shown."""
        return self._live

    def set_live(self, live: bool) -> None:
        """Tell whether the page shows now or a past moment; actions are disabled in the past."""
        self._live = live

    _live = True
