"""The real program in an interpreter of its own: ``python -m tests.support.told_program HOME COMMAND [POINT]``.

Its bots never come to a second checkpoint. It says the state of the bot after the command, and waits to be killed; or
kills itself at a point on the way of the command.
"""

import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

from services.core import faults
from services.core.clock import SystemClock
from services.core.commands import Command
from services.core.durations import minutes
from services.core.process import State
from services.orchestrator.commands import CancelProcess, PauseProcess, RunNow, SetParameters, SkipNext
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Gated
from tests.support.program import Program
from tests.support.until import until

COMMANDS: dict[str, Command] = {
    "process.pause": PauseProcess("bot"),
    "process.cancel": CancelProcess("bot"),
    "process.run_now": RunNow("hourly", {"word": "now"}),
    "process.skip_next": SkipNext("hourly"),
    "process.set": SetParameters("bot", {"word": "always"}, once=False),
    "process.set_once": SetParameters("hourly", {"word": "once"}, once=True),
}
ON_DISK = "on disk"
"""The point at which the command is on disk and nobody has been told."""


def main(home: str, command: str, point: str = "") -> None:
    program = Program(Path(home), SystemClock()).open()
    program.start(Gated(program.clock.wakeup()), heartbeat=minutes(9))
    program.start(Gated(program.clock.wakeup()), "hourly", heartbeat=minutes(9), triggers=(Every(minutes(60)),))
    until(lambda: program.state_of() is State.RUNNING)
    if point:
        faults.arm("journal.committed" if point == ON_DISK else point, lambda: _kill_at(point, Path(home)))
    program.tell(COMMANDS[command])
    sys.stdout.write(f"{program.state_of()}\n")
    sys.stdout.flush()
    threading.Event().wait()


def _kill_at(point: str, home: Path) -> None:
    if point != ON_DISK or given(home):
        faults.kill()


def given(home: Path) -> list[str]:
    """The commands on disk."""
    with closing(sqlite3.connect(home / "dreamscape.db")) as store:
        found = store.execute("SELECT payload ->> 'command' FROM events WHERE name = 'command.given'").fetchall()
    return [command for (command,) in found]


if __name__ == "__main__":
    main(*sys.argv[1:])
