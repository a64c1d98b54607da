"""What a person or a rule can tell the orchestrator.

The ``cause`` of a command is the key of the act that gives it, so that the journal tells whether that act gave it.
"""

from typing import Any

from services.core.commands import Command
from services.core.process.injection import Fault


class PauseProcess(Command, name="process.pause"):
    """Hold a process at its next checkpoint; ``*`` means all."""

    process: str
    cause: str = ""


class ResumeProcess(Command, name="process.resume"):
    """Let a process go on; ``*`` means all."""

    process: str


class CancelProcess(Command, name="process.cancel"):
    """End a process's runs; its schedule stays."""

    process: str


class StopService(Command, name="service.stop"):
    """End the runs of all processes of a service, such as ``trading``, and pause each of them.

    So none starts again by its schedule, by a try after a failure or by an event until a person resumes it.
    """

    service: str


class KillProcess(Command, name="process.kill"):
    """End a process's interpreter at once, as a fault would; the watchdog brings it back."""

    process: str


class InjectFault(Command, name="process.fault"):
    """Let a process's runs crash, hang or be killed, to see it heal; refused in production."""

    process: str
    fault: Fault


class RunNow(Command, name="process.run_now"):
    """Start a run now, whatever the schedule says, with parameters changed for this run alone."""

    process: str
    overrides: dict[str, Any]
    cause: str = ""


class RunAnew(Command, name="process.run_anew"):
    """End the run there is, and start another in its place, with parameters changed for that run alone.

    One that only ``reduces`` what is at stake no guard keeps from it: it stays stopped after that.
    """

    process: str
    overrides: dict[str, Any]
    reduces: bool = False


class SkipNext(Command, name="process.skip_next"):
    """Leave out the next scheduled run."""

    process: str


class SetParameters(Command, name="process.set"):
    """Change parameters, for good or for the next run alone."""

    process: str
    parameters: dict[str, Any]
    once: bool


class AddProcess(Command, name="process.add"):
    """Define a process: ``text`` is the YAML of its file in the home's ``processes``."""

    process: str
    text: str


class RemoveProcess(Command, name="process.remove"):
    """Take the user's file of a process away, end it and forget it; its history stays."""

    process: str


class Customise(Command, name="file.customise"):
    """Copy a default (``trading/macd.yaml``) into the home, where it may be changed.

    With a ``name`` the copy is one more strategy under that name; without, it takes the default's place.
    """

    file: str
    name: str


AboutProcess = (
    PauseProcess
    | ResumeProcess
    | CancelProcess
    | KillProcess
    | InjectFault
    | RunNow
    | RunAnew
    | SkipNext
    | SetParameters
    | AddProcess
    | RemoveProcess
)
"""Every command that is about one process, or with ``*`` about all."""


def process_of(command: Command) -> str:
    """The name of the process that a command is about; empty for commands of other things."""
    return command.process if isinstance(command, AboutProcess) else ""


class NoSuchProcess(LookupError):
    """No process has this name; the message names the nearest."""


class NotNow(RuntimeError):
    """The process is in a state in which this cannot be done; the message says which, and what can."""
