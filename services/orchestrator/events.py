"""What the orchestrator tells the journal."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from services.core.events import Event
from services.core.process import State

AS_IT_WAS = "as it was"
"""Why a process is paused that was so before something else kept it from running."""
ITSELF = "itself"
"""Who stopped a process whose run came to its end."""
UNTIL_CHECKPOINT = "until its next checkpoint"
"""Why what is to be paused still runs."""
NOT_WHEN_ASKED = "did not end when asked"
"""What is told of a run that had to be ended by force after it was asked to end."""
HIDDEN = "**********"
"""What is told in place of a parameter that looks like a secret."""


class ProcessChanged(Event, name="process.changed"):
    """A process moved on; ``by`` is ``user``, ``schedule``, ``watchdog``, ``rule:NAME``, ``program`` or ``itself``."""

    process: str
    service: str
    state: State
    because: str
    by: str
    restarts: int
    until: datetime | None = None
    scheduled: bool = False
    """Times make it start, so that a next one can be left out."""


class ProcessDoing(Event, name="process.doing"):
    """What a process says it does now; at most one each few seconds."""

    process: str
    doing: str


class ProcessRemoved(Event, name="process.removed"):
    """A process is no longer defined."""

    process: str
    by: str


class ParametersTold(Event, name="process.parameters"):
    """What the next run of a process is given, layer over layer; a layer that is None is as it was told last."""

    process: str
    kind: str | None = None
    """``package.module:Class``, or ``file.py:Class`` for a plug-in."""
    defaults: dict[str, Any] | None = None
    definition: dict[str, Any] | None = None
    settings: dict[str, Any] | None = None
    """What a person set over the definition."""
    once: dict[str, Any] | None = None
    """What a person set for the next run alone."""
    one_at_a_time: bool | None = None
    """A run that is due while another is under way is dropped."""
    fixed: str | None = None
    """Why its definition cannot be taken away; empty where it can."""


class Result(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"
    MISCONFIGURED = "misconfigured"
    DIED = "died"
    """Its interpreter ended without a word."""
    STALLED = "stalled"
    """It gave no sign of life and was given up."""
    LOST = "lost"
    """The program ended while it ran."""
    SUPERSEDED = "superseded"


class RunStarted(Event, name="run.started"):
    """A run began; ``why`` says what made it due."""

    process: str
    epoch: int
    why: str


class RunEnded(Event, name="run.ended"):
    """A run ended; ``detail`` is one line, ``traceback`` what was known of the fault.

    It is ``amiss`` where the run finished and its detail tells of something wrong that it found, such as failing tests.
    """

    process: str
    epoch: int
    result: Result
    detail: str
    seconds: float
    traceback: str = ""
    amiss: bool = False


class RunsWell(Event, name="run.well"):
    """A run has lived as long as restarts of its process are counted: what failed before is over."""

    process: str
    epoch: int


class StallSeen(Event, name="process.stalled"):
    """No beat for ``silent`` seconds; ``frame`` is where the work stood (file:line in function)."""

    process: str
    epoch: int
    silent: float
    frame: str


RUN_FAILED = "run failed"
"""The matter of alerts about a process whose runs fail."""


def of_rule(rule: str) -> str:
    """The matter of alerts that a rule gives."""
    return f"rule:{rule}"


class Alert(Event, name="alert", version=2):
    """Something a person should know of now; ``cause`` is the key of the act that tells it, if one does.

    One that is of a ``matter`` takes the place of what was told before of the same matter about the same thing.
    """

    what: str
    about: str
    cause: str = ""
    matter: str = ""


@Alert.upcaster(1)
def _with_matter(fields: dict[str, Any]) -> dict[str, Any]:
    """At first the matter was told by the words and the cause alone."""
    what, about, cause = fields["what"], fields["about"], fields.get("cause", "")
    matter = RUN_FAILED if what.startswith(f"{about} failed: ") else ""
    if cause.startswith("rule:"):
        without_subject = cause.startswith(f"rule:{about}::alert:")
        matter = of_rule(about if without_subject else cause.removeprefix("rule:").partition(f":{about}:alert:")[0])
    return fields | {"matter": matter}


class AlertOver(Event, name="alert.over"):
    """What an alert told is so no more: the alert of these words, or whatever was told of the ``matter``."""

    what: str
    about: str
    matter: str = ""
