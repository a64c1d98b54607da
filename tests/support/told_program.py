"""The real program in an interpreter of its own: ``python -m tests.support.told_program HOME COMMAND``.

Its bot never comes to a second checkpoint. It says the state of the bot after the command, and waits to be killed.
"""

import sys
import threading
from pathlib import Path

from services.core.clock import SystemClock
from services.core.durations import minutes
from services.core.process import State
from services.orchestrator.commands import CancelProcess, PauseProcess
from tests.support.bots import Gated
from tests.support.program import Program
from tests.support.until import until

COMMANDS = {each.type_name: each for each in (PauseProcess, CancelProcess)}


def main(home: str, command: str) -> None:
    program = Program(Path(home), SystemClock()).open()
    program.start(Gated(program.clock.wakeup()), heartbeat=minutes(9))
    until(lambda: program.state_of() is State.RUNNING)
    program.tell(COMMANDS[command]("bot"))
    sys.stdout.write(f"{program.state_of()}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
