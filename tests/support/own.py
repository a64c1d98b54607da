"""A person with files of their own: the whole program without its window, on real files and the machine's clock."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from app.paths import Home
from app.program import Program
from services.core.commands import Command
from services.core.events import Event
from services.core.process import State
from services.orchestrator.commands import NoSuchProcess
from services.orchestrator.definitions.file_mistakes import FileMistakes, MistakenFile
from services.orchestrator.events import Alert, RunEnded, RunStarted
from services.orchestrator.history.projections import Pulse
from services.orchestrator.scripts.events import ScriptStarted
from services.orchestrator.units.unit import Unit

PATIENCE = 40.0
"""Seconds after which something counts as never going to happen."""
SLEEPS = "kind: script\nwith: {command: [sleep, '1000']}\n"
"""The definition of a process that goes on."""


class Mine:
    """A home, and the program that runs on it; ``start`` it, change files, look."""

    def __init__(self, root: Path, **options: Any) -> None:
        self.options = options
        self.home = Home(root / "home", "a test")
        self.home.create()
        self.env = {"PATH": os.environ.get("PATH", ""), "HOME": str(root)}
        self.program: Program | None = None

    def start(self) -> "Mine":
        self.program = Program(self.home, self.env, **self.options)
        self.program.run_steps()
        self.until(lambda: self.running.own is not None and self.running.own.watching, "the files are watched")
        return self

    def stop(self) -> None:
        if self.program is not None:
            self.program.close()
            self.program = None

    @property
    def running(self) -> Program:
        assert self.program is not None
        return self.program

    def write(self, relative: str, text: str) -> Path:
        """Write a file of the home as an editor that saves safely does."""
        path = self.home.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.saving")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
        return path

    def tell(self, command: Command) -> Any:
        future: Future[Any] = self.running.engine.commands.dispatch(command)
        return future.result(PATIENCE)

    def until(self, condition: Callable[[], object], what: str) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            seen = condition()
            if seen:
                return seen
            assert time.monotonic() < end, f"it did not come to this: {what}"
            time.sleep(0.02)

    def unit(self, name: str) -> Unit:
        unit = self.running.engine.orchestrator.units.get(name)
        if unit is None:
            raise NoSuchProcess(name)
        return unit

    def knows(self, name: str) -> bool:
        return name in self.running.engine.orchestrator.units

    def sees(self, name: str, state: State, because: str = "") -> None:
        """Wait until the process stands so."""

        def stands() -> bool:
            unit = self.running.engine.orchestrator.units.get(name)
            return unit is not None and unit.state is state and because in unit.because

        def told() -> str:
            unit = self.running.engine.orchestrator.units.get(name)
            return f"{unit.state} ({unit.because})" if unit else "not there"

        end = time.monotonic() + PATIENCE
        while not stands():
            assert time.monotonic() < end, f"{name} is {told()}, not {state} ({because})"
            time.sleep(0.02)

    def events(self, kind: type[Event]) -> list[Any]:
        """What is on disk."""
        engine = self.running.engine
        engine.ask(lambda: None)  # what the core does at this moment is handed over when it has done it
        engine.clock.result(engine.journal.write(lambda tx: None))
        return [recorded.event for recorded in engine.journal.read() if isinstance(recorded.event, kind)]

    def pids(self) -> list[int]:
        """Of every script that was started, whether it still runs or not."""
        return [event.pid for event in self.events(ScriptStarted)]

    def begun(self) -> list[RunStarted]:
        """The runs that began; the program's own nightly work is not among them, whatever the hour of the test."""
        return [run for run in self.events(RunStarted) if not self._is_housekeeping(run.process)]

    def ended(self) -> list[RunEnded]:
        """The runs that ended, without the program's own nightly work."""
        return [run for run in self.events(RunEnded) if not self._is_housekeeping(run.process)]

    def _is_housekeeping(self, process: str) -> bool:
        unit = self.running.engine.orchestrator.units.get(process)
        return unit is not None and unit.plan.path.startswith("object:")

    def alerts(self) -> list[str]:
        return [event.what for event in self.events(Alert)]

    def open_alerts(self) -> list[str]:
        """What the alerts are about that pages and command line show."""
        engine = self.running.engine
        engine.ask(engine.projections.show)
        return [alert.about for alert in engine.view.value(Pulse).alerts]

    def mistaken(self) -> tuple[MistakenFile, ...]:
        """The mistaken files as pages show them."""
        engine = self.running.engine
        engine.ask(engine.projections.show)
        return tuple(engine.view.value(FileMistakes).files)


def command_of(pid: int) -> str:
    """What a running process was started with."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ").strip()
