"""The watchdog: which runs are alive. Beats come from the work loop, so silence means that the work stands still."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from services.core.process import State

if TYPE_CHECKING:  # who only asks where a thread stands needs no runs
    from services.orchestrator.units.run import Run

CHILD_START = 30.0
"""Seconds a run may take to its first beat: a child imports what it needs before it works."""


@dataclass(frozen=True)
class Silence:
    """No beat for ``silent`` seconds, where ``limit`` are allowed."""

    silent: float
    limit: float


def silence(run: "Run", state: State, heartbeat: timedelta, now: float) -> Silence | None:
    """Whether a run has been silent too long: more than its heartbeat and four times its own p99 gap.

    A run that holds (paused) owes no beat.
    """
    control = run.control
    if control.holding or run.cancelled_at is not None:
        return None
    limit = max(heartbeat.total_seconds(), 4 * percentile(control.gaps[-100:], 0.99))
    if state is State.STARTING:
        limit = max(limit, CHILD_START)
    silent = now - control.beat_at
    return Silence(silent, limit) if silent > limit else None


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lie (nearest rank); 0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
