"""How the window looks and moves, as the settings say; applied at once, at the start and whenever they change."""

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication

from app.settings.model import General
from widgets.frame.main_window import MainWindow
from widgets.theme import follow_system, use_theme, wanted_theme


class Appearance(QObject):
    """Dresses the application. While the theme is the system's, it follows the desktop between dark and light.

    It ends with its window, which the desktop's switch, outliving both, could not know.
    """

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._application, self._window = application, window
        self._general = General()
        follow_system(self._follow)

    def _follow(self) -> None:
        self.use(self._general)

    def use(self, general: General) -> None:
        """Look so from now on; what looks so already is not painted again."""
        self._general = general
        self._window.use_less_motion(general.reduce_motion)
        use_theme(self._application, wanted_theme(general.theme))
