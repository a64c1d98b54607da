"""What only the application can do when a page or the palette asks: themes, quitting, adding things of one's own."""

import logging
from collections.abc import Callable

from PyQt6.QtWidgets import QApplication

from app.program import Program
from app.runtime.desk import Desk
from app.settings.edit import write_setting
from widgets.parts.status import Status
from widgets.theme import use_theme, wanted_theme

log = logging.getLogger(__name__)


class Offers:
    """Obeys the actions that concern the whole program."""

    def __init__(self, desk: Desk, program: Program, quit_: Callable[[], None]) -> None:
        self._desk, self._program, self._quit = desk, program, quit_
        desk.wants.connect(self.obey)

    def obey(self, action: str) -> None:
        """Do what ``action`` says; one that nobody knows is told."""
        if action == "quit":
            self._quit()
        elif action.startswith("theme_"):
            self._use_theme(action.removeprefix("theme_"))
        else:
            log.warning("nobody can do %s", action)
            self._desk.tell(f"“{action}” cannot be done here", Status.WARN)

    def _use_theme(self, choice: str) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication) and choice in ("dark", "light", "system"):
            use_theme(application, wanted_theme(choice))  # type: ignore[arg-type]
            home = self._program.home
            self._program.engine.workers.start("settings", lambda: write_setting(home, "general.theme", choice))
