"""What is kept about the runs of scripts."""

from services.core.events import Event


class ScriptStarted(Event, name="script.started"):
    """A script was started as process ``pid``."""

    pid: int


class ScriptEnded(Event, name="script.ended"):
    """A script ended after ``seconds``: ``exit_code`` is below zero where a signal ended it."""

    exit_code: int
    seconds: float
    asked: bool
    """It was asked to end, and did not end by itself."""
