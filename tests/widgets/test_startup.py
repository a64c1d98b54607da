"""What must not be loaded before the first picture is on screen."""

import os
import subprocess
import sys

SPLASH = """
import sys
from PyQt6.QtWidgets import QApplication
application = QApplication([])
from widgets.theme import load_fonts, use_theme
from widgets.frame.main_window import MainWindow
from widgets.frame.views import StepView
load_fonts(application)
use_theme(application, "dark")
window = MainWindow()
window.show_steps((StepView("Settings", "running"),))
window.show()
application.processEvents()
assert window.isVisible()
heavy = {"pyqtgraph", "numpy", "sqlalchemy", "pydantic", "ccxt", "openai", "widgets.frame.dashboard"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_splash_is_painted_before_anything_heavy_is_loaded():
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", SPLASH],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == "[]"
