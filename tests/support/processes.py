"""Processes for tests that a child interpreter can import."""

import math
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.core.durations import seconds
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Standing
from services.core.events import Event
from services.core.process import Process, Restart
from services.core.process.context import Context


class Stepped(Event, name="test.stepped"):
    number: int


class Measured(Event, name="test.measured"):
    level: float
    more: dict[str, list[float]]


class WriteLine(Effect, name="test.write_line"):
    """Append a line to a file: the outside of these tests."""

    limits = {"line": 300}

    path: str
    line: str

    @property
    def key(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def what(self) -> str:
        return f"Write {self.line!r}"


class LineWriter:
    """Handles ``WriteLine``. Never checks whether a line is there: that is the engine's business."""

    def carry_out(self, effect: WriteLine) -> Details:
        with Path(effect.path).open("a") as file:
            file.write(effect.line + "\n")
        return {"written": effect.line}

    def settling(self, effect: Effect) -> timedelta:
        return AT_ONCE

    def look_up(self, effect: WriteLine) -> Outcome:
        path = Path(effect.path)
        lines = path.read_text().splitlines() if path.exists() else []
        return Outcome(Standing.DONE if effect.line in lines else Standing.NOT_DONE)

    def undo(self, effect: WriteLine, details: Details) -> Details:
        path = Path(effect.path)
        path.write_text("".join(f"{line}\n" for line in path.read_text().splitlines() if line != effect.line))
        return {}


class Steps(Process):
    """Steps with an event, a sample, a printed word, an act each, and a position."""

    heartbeat = seconds(2)
    path: str
    upto: int = 5
    pace: float = 0.0

    def run(self, context: Context) -> None:
        start = (context.position or {"number": 0})["number"]
        for number in range(start + 1, self.upto + 1):
            sys.stdout.write("foreign code prints\n")
            context.progress(number, self.upto, f"step {number}")
            context.emit(Stepped(number))
            context.sample("test.steps", number)
            outcome = context.act(WriteLine(self.path, f"line {number}"), {"number": number})
            assert outcome.done
            context.checkpoint({"number": number})
            if self.pace:
                context.wait(self.pace, "the next step")


class Hogs(Process):
    """Beats once, then holds the interpreter's lock in C code for good."""

    heartbeat = seconds(1)
    restart = Restart(first=seconds(0.1), cap=seconds(0.2))
    mark: str

    def run(self, context: Context) -> None:
        context.doing("about to hog")
        context.checkpoint()
        Path(self.mark).write_text(str(os.getpid()))
        sum(range(10**12))


class Learns(Process):
    """Tells a reward after an event and a position."""

    heartbeat = seconds(5)

    def run(self, context: Context) -> None:
        context.emit(Stepped(1))
        context.position = {"number": 1}
        context.learn("arms", ["a"], {"a": 0.5})


class Sleeps(Process):
    """Hangs in a call that gives the lock away: Python's own watchdog can see where."""

    heartbeat = seconds(1)
    restart = Restart(first=seconds(0.1), cap=seconds(0.2))

    def run(self, context: Context) -> None:
        context.doing("about to sleep")
        context.checkpoint()
        time.sleep(600)


class Idles(Process):
    """Beats, and does nothing else."""

    heartbeat = seconds(1)
    restart = Restart(first=seconds(0.1), cap=seconds(0.2))

    def run(self, context: Context) -> None:
        while True:
            context.wait(0.2, "the next beat")


class LeavesHelper(Process):
    """Starts a helper that would outlive it, then ends: well, or with its whole interpreter by ``code``."""

    heartbeat = seconds(5)
    restart = Restart(at_most=0)
    path: str
    code: int | None = None

    def run(self, context: Context) -> None:
        context.checkpoint()
        helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path(self.path).write_text(str(helper.pid))
        if self.code is not None:
            os._exit(self.code)


REGISTERED, LOOKS_LIKE_ONE = "correct-horse-battery", "sk-SECRET99"
SAYS = f"401 for {REGISTERED} at /v1?api_key={LOOKS_LIKE_ONE}&limit=5"


class Refused(Process):
    """Is refused, and repeats in its fault what it asked with."""

    def run(self, context: Context) -> None:
        context.doing(f"asks: {SAYS}")
        context.keep()
        raise RuntimeError(SAYS)


class Remembers(Process):
    """Keeps in its position what it asked with."""

    def run(self, context: Context) -> None:
        context.checkpoint({"asked": f"next_token=a1 with {REGISTERED}", "number": 7})
        while True:
            context.wait(0.2, "the next beat")


class TellsWhatIsNone(Process):
    """Tells, between sound things, a number or a position that cannot be kept; ``what`` says in which word."""

    heartbeat = seconds(60)
    restart = Restart(at_most=0)
    what: str

    def run(self, context: Context) -> None:
        context.emit(Measured(1.0, {"at": [2.0]}))
        context.checkpoint({"number": 1})
        getattr(self, f"_{self.what}")(context)

    def _event(self, context: Context) -> None:
        context.emit(Measured(2.0, {"at": [1.0, math.nan]}))

    def _field(self, context: Context) -> None:
        level: Any = "high"
        context.emit(Measured(level, {}))

    def _position(self, context: Context) -> None:
        context.checkpoint({"number": 2, "seen": {"mean": math.inf}})

    def _reward(self, context: Context) -> None:
        context.learn("arms", ["a", "b"], {"b": math.nan})

    def _asks(self, context: Context) -> None:
        context.learn("arms", ["a", "b"], {"b": 1.0})

    def _effect(self, context: Context) -> None:
        context.act(Trade(math.nan))

    def _long(self, context: Context) -> None:
        context.checkpoint({"number": 2, "seen": "x" * 17 * 2**20})

    def _sample(self, context: Context) -> None:
        for number in range(5):
            context.sample("test.good", number)
            context.sample("test.bad", math.nan)
            context.progress(number, math.inf)
        context.checkpoint({"number": 2})


class TellsTooMuch(Process):
    """Tells at once more than a child may."""

    restart = Restart(at_most=0)

    def run(self, context: Context) -> None:
        context.act(WriteLine("out", "x" * 17 * 2**20))


class Trade(Effect, name="test.trade"):
    """Trade so much."""

    amount: float

    @property
    def key(self) -> str:
        return f"trade:{self.amount}"

    @property
    def what(self) -> str:
        return f"Trade {self.amount}"
