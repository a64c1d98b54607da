"""A running instance of a home, and the command line that talks to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.control.answers import Answers, Hooks
from app.control.lock import HomeLock
from app.control.server import ControlServer
from app.paths import Home
from app.wiring.projections import all_projections
from services.core.durations import seconds
from services.core.effects import Details, Outcome, Refused, Standing
from services.core.process import Process
from services.core.process.context import Context
from tests.support.command_line import Cli
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program


class Patient(Process):
    """Reaches a checkpoint each five seconds; between two it hears nothing."""

    heartbeat = seconds(60)

    def run(self, context: Context) -> None:
        while True:
            context.checkpoint()
            context.clock.wakeup().wait(5)


class Choosy(LineWriter):
    """Refuses one line."""

    def carry_out(self, effect: WriteLine) -> Details:
        if effect.line == "bad":
            raise Refused("the paper is blank for a reason")
        if effect.line == "fog":
            raise ConnectionError("the line went dead")
        return super().carry_out(effect)

    def look_up(self, effect: WriteLine) -> Outcome:
        return Outcome(Standing.UNKNOWN, why="nobody can tell") if effect.line == "fog" else super().look_up(effect)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def sweeping_home(tmp_path: Path, compiled: Path) -> Path:
    """A home that shares with other tests what is compiled: to compile takes longest."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "compiled").symlink_to(compiled)
    return tmp_path / "home"


@pytest.fixture
def shown() -> list[str]:
    """What the instance was asked to show."""
    return []


@pytest.fixture
def program(home: Home, clock: ManualClock, shown: list[str]) -> Iterator[Program]:
    """A running instance: its engine and its socket."""
    with HomeLock(home) as lock:
        running = Program(home.root, clock, {WriteLine: Choosy()}).open(all_projections())
        running.start(Patient())
        running.advance(8)
        server = ControlServer(lock, Answers(running.engine, home, Hooks(lambda: shown.append("window")))).start()
        yield running
        server.close()
        running.close()


@pytest.fixture
def cli(home: Home, program: Program, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command with --json; gives its code, its document (None without one) and its standard error."""

    def run(*words: str) -> tuple[int, Any, str]:
        code = main(["--home", str(home.root), "--json", *words])
        program.settle()
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run
