"""How the window looks and moves, as the settings say; applied at once, at the start and whenever they change."""

from PyQt6.QtWidgets import QApplication

from app.settings.model import General
from widgets.frame.main_window import MainWindow
from widgets.theme import active, follow_system, use_theme, wanted_theme


class Appearance:
    """Dresses the application. While the theme is the system's, it follows the desktop between dark and light."""

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        self._application, self._window = application, window
        self._general = General()
        follow_system(lambda _name: self.use(self._general))

    def use(self, general: General) -> None:
        """Look so from now on; what looks so already is not painted again."""
        self._general = general
        self._window.use_less_motion(general.reduce_motion)
        wanted = wanted_theme(general.theme)
        if active().name != wanted or not self._application.styleSheet():
            use_theme(self._application, wanted)
