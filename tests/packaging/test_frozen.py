"""The frozen program, really built and really run. `python bootstrap.py freeze` makes the environment that can:

.venv-freeze/bin/python -m pytest -m drill tests/packaging/test_frozen.py
"""

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.core.revision import HEAD
from tests.support.stores import load
from tests.support.until import until

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = """import sys
import wave  # nothing of Dreamscape's own imports it

from services.core.process.context import Context
from services.core.process import Process


class Tides(Process):
    harbour: str

    def run(self, context: Context) -> None:
        heavy = [name for name in ("PyQt6.QtCore", "sqlalchemy", "alembic") if name in sys.modules]
        context.log.info("%s utf8=%s heavy=%s wave=%s", self.harbour, sys.flags.utf8_mode, heavy, wave.Error.__name__)
        while True:
            context.wait(1, "the next reading")
"""
pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]


class Frozen:
    """The built program on one home."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        self.program = folder / "dreamscape"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DREAMSCAPE_", "QT_"))}
        self.env = kept | {"DREAMSCAPE_HOME": str(home), "LANG": "C"}
        for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "DISPLAY", "WAYLAND_DISPLAY"):
            self.env.pop(name, None)
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = [self.program, "run", "--headless"]
        self.running = subprocess.Popen(words, env=self.env, stdout=subprocess.DEVNULL, cwd=self.home.parent)

    def ask(self, *words: str) -> Any:
        done = subprocess.run([self.program, *words, "--json"], env=self.env, capture_output=True, cwd=self.home.parent)
        return json.loads(done.stdout) if done.stdout else {"error": done.stderr.decode()}

    def row_of(self, name: str) -> dict[str, Any]:
        rows = self.ask("ps").get("processes", [])
        return next((row for row in rows if row["name"] == name), {})

    def state_of(self, name: str) -> str:
        return str(self.row_of(name).get("state", ""))

    def children(self) -> list[list[str]]:
        """Command lines of the running program's children."""
        assert self.running is not None
        found = subprocess.run(
            ["ps", "-o", "args=", "--ppid", str(self.running.pid)], capture_output=True, text=True, check=False
        )
        return [line.split() for line in found.stdout.splitlines()]

    def quit(self) -> int:
        assert self.running is not None
        self.ask("quit")
        return self.running.wait(60)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that PyInstaller made."""
    pytest.importorskip("PyInstaller", reason="python bootstrap.py freeze makes an environment that has it")
    folder = tmp_path_factory.mktemp("frozen")
    places = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "work")]
    spec = ROOT / "packaging" / "dreamscape.spec"
    subprocess.run([sys.executable, "-m", "PyInstaller", "--noconfirm", *places, spec], check=True, cwd=folder)
    return folder / "dist" / "dreamscape"


@pytest.fixture
def frozen(built: Path, tmp_path: Path) -> Iterator[Frozen]:
    (tmp_path / "home" / "processes").mkdir(parents=True)
    program = Frozen(built, tmp_path / "home")
    yield program
    if program.running is not None and program.running.poll() is None:
        program.running.kill()
        program.running.wait()


def test_it_knows_which_version_it_is(frozen: Frozen) -> None:
    told = subprocess.run([frozen.program, "--version"], env=frozen.env, capture_output=True, text=True, check=True)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert told.stdout.startswith(f"dreamscape {declared}")


def test_processes_run_as_children_of_the_frozen_program_and_heal(frozen: Frozen) -> None:
    frozen.start()
    until(lambda: frozen.state_of("macd-eth-btc") == frozen.state_of("build-in-public") == "running")
    assert frozen.children() == [[str(frozen.program), "--child"]] * 2
    frozen.ask("kill", "macd-eth-btc")
    until(lambda: frozen.row_of("macd-eth-btc").get("restarts") == 1)
    until(lambda: frozen.state_of("macd-eth-btc") == "running")
    assert frozen.quit() == 0


def test_a_script_is_told_nothing_of_the_frozen_program(frozen: Frozen) -> None:
    told = frozen.home / "environment.txt"
    definition = {"kind": "script", "with": {"command": ["sh", "-c", f"env > {told}"]}}
    (frozen.home / "processes" / "asks.yaml").write_text(json.dumps(definition), encoding="utf-8")
    frozen.start()
    until(lambda: frozen.state_of("asks") == "stopped")
    names = {line.partition("=")[0] for line in told.read_text().splitlines()}
    assert not [name for name in names if name.startswith(("_PYI", "LD_", "DREAMSCAPE_"))]
    assert frozen.quit() == 0


def test_a_plug_in_runs_in_a_light_child_with_the_whole_standard_library(frozen: Frozen) -> None:
    (frozen.home / "plugins").mkdir()
    (frozen.home / "plugins" / "tides.py").write_text(PLUGIN, encoding="utf-8")
    (frozen.home / "processes" / "tides.yaml").write_text("kind: tides.py:Tides\nwith: {harbour: Hüsum}\n", "utf-8")
    frozen.start()
    until(lambda: frozen.state_of("tides") == "waiting")
    asked = next(item for item in frozen.ask("inbox")["items"] if item["kind"] == "plugin.approve")
    frozen.ask("approve", asked["id"])
    until(lambda: "Hüsum utf8=1 heavy=[] wave=Error" in (frozen.home / "logs" / "dreamscape.log").read_text("utf-8"))
    assert frozen.quit() == 0


def test_an_older_store_is_brought_up_behind_a_backup(frozen: Frozen) -> None:
    store = load("0001", frozen.home / "dreamscape.db")
    frozen.ask("run", "--headless", "--for", "1")
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    assert list((frozen.home / "backups").glob(f"before-{HEAD}-from-0001-*.db"))


def test_the_window_is_painted_off_screen(frozen: Frozen, tmp_path: Path) -> None:
    picture = tmp_path / "overview.png"
    frozen.ask("screenshot", "--page", "overview", "--size", "1440x900", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
