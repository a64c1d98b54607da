"""A demonstration: a home of its own with a few processes that truly run, so that pictures show what is so.

Nothing is drawn by hand: the trader replays candles, the campaign runs on the sandbox network, the project has real
tests, and the script is a real script.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from pathlib import Path

from app.paths import Home
from app.program import Program
from app.runtime.pictures.demo_trading import Account, add_challenger, exchange_here
from services.core.errors import UserError
from services.core.sandbox import scrub
from services.orchestrator.commands import KillProcess, PauseProcess, RunNow

SECONDS = 25.0
TRADER = "macd-eth-btc"

_SCRIPT = """import time
for step in range(1, 401):
    print(f"step {step}/400 queue={400 - step}", flush=True)
    time.sleep(0.5)
"""
_PROCESS = """name: nightly-import
kind: script
with:
  command: [{python}, {script}]
  alive: output within 60s
  patterns:
    progress: 'step (?P<done>\\d+)/(?P<total>\\d+)'
    queue: 'queue=(\\d+)'
"""
_FLAKY = """name: price-mirror
kind: script
with:
  command: [{python}, -c, "import time; print('mirroring', flush=True); time.sleep(600)"]
"""
_CODE = '''"""Pages of a list."""


def page_of(items, page, size):
    """The items of one page, counted from 1."""
    start = (page - 1) * size
    return items[start : start + size]
'''
_TESTS = """from paging import page_of


def test_first_page():
    assert page_of([1, 2, 3], 1, 2) == [1, 2]


def test_last_page_is_short():
    assert page_of([1, 2, 3], 2, 2) == [3]
"""


def prepare(folder: Path, exchange: Mapping[str, str] | None = None) -> Program:
    """A home with two scripts, a project and a challenger, beside the defaults.

    It inherits nothing of what is set here: without ``exchange``, an environment that names one with play money, it
    knows no exchange and sends no order.
    """
    home = Home(folder / "home", "demonstration")
    home.create()
    home.processes.mkdir(exist_ok=True)
    python = _python()
    script = folder / "nightly_import.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    (home.processes / "nightly-import.yaml").write_text(_PROCESS.format(python=python, script=script), encoding="utf-8")
    (home.processes / "price-mirror.yaml").write_text(_FLAKY.format(python=python), encoding="utf-8")
    project = _project(folder / "paging", python)
    home.settings.write_text(
        f'[[debugger.projects]]\npath = "{project.as_posix()}"\n',
        encoding="utf-8",
    )
    add_challenger(home, TRADER)
    return Program(home, exchange_here(exchange) if exchange is not None else {})


def run_a_while(program: Program, duration: float = SECONDS) -> None:
    """Bring it up, pause one bot, kill another so that it heals, and let it run."""
    program.run_steps()
    engine = program.engine
    engine.commands.dispatch(RunNow("paging", {})).result(10)
    Account(program).trade()
    time.sleep(duration / 2)
    for command in (PauseProcess("price-mirror"), KillProcess(TRADER)):
        engine.commands.dispatch(command).result(10)
    time.sleep(duration / 2)


def _python() -> str:
    """An interpreter for the scripts: ours, or in a frozen build, which holds none that runs scripts, the machine's."""
    if not getattr(sys, "frozen", False):
        return sys.executable
    found = shutil.which("python3") or shutil.which("python")
    if found is None:
        raise UserError("the demonstration's scripts need a Python", "PATH", "Install Python 3, or leave out --demo")
    return found


def _project(folder: Path, python: str) -> Path:
    """A small project with a suite that passes, under git."""
    folder.mkdir()
    (folder / "paging.py").write_text(_CODE, encoding="utf-8")
    (folder / "test_paging.py").write_text(_TESTS, encoding="utf-8")
    env = scrub(os.environ)
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder / ".venv")], check=True, env=env)
    packages = next((folder / ".venv").rglob("site-packages"))
    # pytest comes from where it is installed already: a demonstration downloads nothing
    (packages / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (folder / ".gitignore").write_text(".venv\n", encoding="utf-8")
    author = ["-c", "user.name=demo", "-c", "user.email=demo@localhost"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "Paging"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=env)
    return folder
