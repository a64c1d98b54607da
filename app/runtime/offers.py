"""What only the application can do when a page or the palette asks: themes, quitting, adding things of one's own."""

import logging
from collections.abc import Callable

from app.runtime.desk import Desk
from app.runtime.settings_desk import SettingsDesk
from widgets.parts.status import Status

log = logging.getLogger(__name__)


class Offers:
    """Obeys the actions that concern the whole program."""

    def __init__(self, desk: Desk, settings: SettingsDesk, quit_: Callable[[], None]) -> None:
        self._desk, self._settings, self._quit = desk, settings, quit_
        desk.wants.connect(self.obey)

    def obey(self, action: str) -> None:
        """Do what ``action`` says; one that nobody knows is told."""
        if action == "quit":
            self._quit()
        elif action.startswith("theme_"):
            self._settings.change("general.theme", action.removeprefix("theme_"))
        else:
            log.warning("nobody can do %s", action)
            self._desk.tell(f"“{action}” cannot be done here", Status.WARN)
