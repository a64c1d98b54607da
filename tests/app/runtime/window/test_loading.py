"""What the start loads in workers while the window lives."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
LOAD = """
import sys
from app.runtime.window import window
def of_qt():
    return {name for name in sys.modules if name.startswith("PyQt6.")}
before = of_qt()
import app.runtime.window.last_view, app.engine, app.wiring.handlers
import app.wiring.own_files.own_files, app.wiring.rules.rules
window._load_connections()
print(sorted(of_qt() - before))
"""


def test_no_worker_loads_a_module_of_qt_for_that_crashes_a_window_that_is_busy() -> None:
    told = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"
