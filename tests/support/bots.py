"""Small processes for tests of supervision on a manual clock."""

from typing import Any

from services.core.durations import seconds
from services.core.events import Event
from services.core.process import ConfigurationFault, Process, Restart
from services.core.process.context import Context


class Worked(Event, name="test.worked"):
    """A bot began to work."""

    word: str
    epoch: int


class Finished(Event, name="test.finished"):
    """A bot came to the end of its work."""

    word: str
    epoch: int


class Job(Process):
    """Says a word, works for ``length`` seconds with a checkpoint each, and says that it has finished."""

    heartbeat = seconds(5)
    word: str = "work"
    length: int = 3

    def run(self, context: Context) -> None:
        context.emit(Worked(self.word, context.epoch))
        context.checkpoint()
        for _ in range(self.length):
            context.wait(1, "the next second")
        context.emit(Finished(self.word, context.epoch))


class Fails(Process):
    """Fails after ``after`` seconds, every time."""

    heartbeat = seconds(5)
    restart = Restart(first=seconds(4), cap=seconds(30))
    after: float = 0.0

    def run(self, context: Context) -> None:
        if self.after:
            context.wait(self.after, "its end")
        raise RuntimeError("the sea is too wide")


class Misconfigured(Process):
    """Cannot work before it is told a folder."""

    heartbeat = seconds(5)
    folder: str = ""

    def run(self, context: Context) -> None:
        if not self.folder:
            raise ConfigurationFault("there is no folder; set one")
        while True:
            context.wait(1, "work")


class Gated(Process):
    """Works in steps of which each waits, without a beat, until the test lets it go on.

    Prepared by the test, which holds the gate: ``steps`` are done, each followed by a checkpoint.
    """

    heartbeat = seconds(5)
    gate: Any
    """A wake-up of the test's clock."""

    def run(self, context: Context) -> None:
        context.checkpoint()
        while True:
            self.gate.wait()
            self.gate.clear()
            context.checkpoint()
