"""What happens when a run is due while another of the same process is under way. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from services.core.words import counted, form


class Overlap(StrEnum):
    """How a process takes a run that is due while one is under way."""

    SINGLE = "single"
    """The new one is dropped."""
    RESTART = "restart"
    """The old one is ended, then the new one starts."""
    QUEUED = "queue"
    """The new one waits until the old one has ended."""
    PARALLEL = "parallel"
    """Both run."""


class Action(StrEnum):
    """What to do with a run that is due."""

    START = "start"
    QUEUE = "queue"
    REPLACE = "replace"
    """End what runs, start when it has ended."""
    DROP = "drop"


@dataclass(frozen=True)
class Answer:
    """What to do, and why, for the history."""

    action: Action
    because: str


@dataclass(frozen=True)
class Standing:
    """How the process stands when a run comes due."""

    active: int = 0
    """Runs that exist, in whatever state, paused and stopping ones too."""
    queued: int = 0
    paused: bool = False
    """A person or a rule has paused the process; nothing automatic starts or ends its runs."""


def on_due(mode: Overlap, standing: Standing, most: int) -> Answer:
    """Decide about one due run. ``most`` bounds the queue, or the parallel runs."""
    if mode is Overlap.QUEUED and (standing.paused or standing.active or standing.queued):
        return _queue(standing, most)
    if standing.paused:
        return Answer(Action.DROP, "it is paused")
    if mode is Overlap.PARALLEL:
        return _parallel(standing, most)
    if standing.active == 0 and standing.queued == 0:
        return Answer(Action.START, "nothing of it runs")
    if mode is Overlap.RESTART:
        if standing.queued:
            return Answer(Action.DROP, "a replacement waits already")
        return Answer(Action.REPLACE, "a newer run replaces the one under way")
    return Answer(Action.DROP, "the run before is still under way")


def _queue(standing: Standing, most: int) -> Answer:
    if standing.queued >= most:
        return Answer(Action.DROP, f"{counted(standing.queued, 'run waits', 'runs wait')} already, {most} may")
    return Answer(Action.QUEUE, "it is paused" if standing.paused else "the run before is still under way")


def _parallel(standing: Standing, most: int) -> Answer:
    under_way = standing.active + standing.queued
    if under_way >= most:
        return Answer(Action.DROP, f"{counted(under_way, 'run is', 'runs are')} under way already, {most} may")
    return Answer(Action.START, f"{under_way} of {counted(most, 'run')} {form(under_way, 'is', 'are')} under way")
