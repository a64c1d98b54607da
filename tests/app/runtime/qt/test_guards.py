"""An error that nobody handles ends neither the window nor its slots; it is logged, and told."""

import os
import subprocess
import sys
from pathlib import Path

RAISING = """
import logging, sys, threading
from PyQt6.QtCore import QCoreApplication, QTimer
from app.runtime.qt import guards

logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s")
guards.install()
guards.tell(lambda text: print("told", text))
application = QCoreApplication([])

class Stubborn:
    def __del__(self):
        raise ValueError("in a finalizer")

def slot():
    QTimer.singleShot(0, after)
    raise ValueError("in a slot")

def after():
    thread = threading.Thread(target=lambda: 1 / 0, name="helper")
    thread.start()
    thread.join()
    Stubborn()
    print("still here")
    application.quit()

QTimer.singleShot(0, slot)
application.exec()
guards.rest()
"""

HOLDING = """
import sys
from pathlib import Path
from app.runtime.qt import guards

file = Path(sys.argv[1])
guards.crash_file(file)
guards.watch_hard_stalls(0.1)

def hold():
    while not file.stat().st_size:
        sum(range(3_000_000))

hold()
guards.rest()
"""


def test_a_slot_a_thread_and_a_finalizer_that_raise_are_told_and_the_program_goes_on() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", RAISING], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told = [line for line in ran.stdout.splitlines() if line.startswith(("told", "still", "CRITICAL", "ERROR"))]
    assert told[:4] == [
        "CRITICAL unhandled ValueError: in a slot",
        "told ValueError: in a slot",
        "CRITICAL unhandled in helper",
        "told ZeroDivisionError in helper: division by zero",
    ]
    assert "__del__" in told[4]
    assert told[5] == "still here"


def test_a_window_that_holds_the_interpreter_leaves_its_stack_in_the_crash_file(tmp_path: Path) -> None:
    file = tmp_path / "crash.log"
    subprocess.run([sys.executable, "-c", HOLDING, file], timeout=60, check=True)
    assert "in hold" in file.read_text()


def test_a_program_without_a_terminal_is_guarded_too(tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    begins = (
        "import sys; sys.stderr = sys.stdout = None\n"  # as pythonw.exe, which Windows starts it with at login
        "from pathlib import Path; from app.runtime.qt import guards\n"
        "guards.install(); guards.crash_file(Path(sys.argv[1])); guards.rest()\n"
        "guards.tell(Path(sys.argv[2]).write_text)\n"
        "sys.excepthook(ValueError, ValueError('unheard'), None)\n"
    )
    subprocess.run([sys.executable, "-c", begins, tmp_path / "crash.log", told], timeout=60, check=True)
    assert told.read_text() == "ValueError: unheard"
