"""What a person or a rule can tell the orchestrator."""

from typing import Any

from services.core.commands import Command


class PauseProcess(Command, name="process.pause"):
    """Hold a process at its next checkpoint; ``*`` means all."""

    process: str


class ResumeProcess(Command, name="process.resume"):
    """Let a process go on; ``*`` means all."""

    process: str


class CancelProcess(Command, name="process.cancel"):
    """End a process's runs; its schedule stays."""

    process: str


class KillProcess(Command, name="process.kill"):
    """End a process's interpreter at once, as a fault would; the watchdog brings it back."""

    process: str


class RunNow(Command, name="process.run_now"):
    """Start a run now, whatever the schedule says, with parameters changed for this run alone."""

    process: str
    overrides: dict[str, Any]


class SkipNext(Command, name="process.skip_next"):
    """Leave out the next scheduled run."""

    process: str


class SetParameters(Command, name="process.set"):
    """Change parameters, for good or for the next run alone."""

    process: str
    parameters: dict[str, Any]
    once: bool


class NoSuchProcess(LookupError):
    """No process has this name; the message names the nearest."""


class NotNow(RuntimeError):
    """The process is in a state in which this cannot be done; the message says which, and what can."""
