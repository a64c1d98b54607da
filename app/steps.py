"""The steps of a start, by name: the splash shows all of them before anything heavy is imported."""

from collections.abc import Callable
from dataclasses import dataclass

STEPS = ("Settings", "Secrets", "Journal", "Reconciled", "Processes", "Feeds")
WINDOW = "Window"
"""The last one, where there is a window."""


@dataclass(frozen=True)
class Step:
    """One real step of the start: its name, and what does it and says in a few words what came of it."""

    name: str
    act: Callable[[], str]
