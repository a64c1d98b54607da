"""Holds: a guard has stopped a process, and only a person lets it go on, by more than a resume."""

from collections.abc import Callable
from dataclasses import dataclass

from services.orchestrator.commands import NotNow
from services.orchestrator.units.unit import Unit


@dataclass(frozen=True)
class Hold:
    """``by`` is who stopped it (``rule:NAME``), ``why`` says it in words, ``mend`` what a person has to do first."""

    by: str
    why: str
    mend: str


Held = Callable[[str], Hold | None]
"""What holds the process of this name, if anything does."""


class HeldByGuard(NotNow):
    """A guard has stopped the process: it goes on only once a person has dealt with that."""


class HeldInPart(HeldByGuard):
    """Of several processes some are held; the others do as they were told."""


def stays(name: str, hold: Hold) -> str:
    """That it does not go on, why, and what a person has to do."""
    return f"{name} stays as it is: {hold.why}; {hold.mend}"


def require_free(unit: Unit, hold: Hold | None) -> None:
    """Raise ``HeldByGuard`` where something holds the process, ``NotNow`` where a person has stopped its service."""
    if hold is not None:
        raise HeldByGuard(stays(unit.name, hold))
    if unit.paused_by and (why := stopped(unit.plan.service)) in (unit.paused_for, unit.because):
        raise NotNow(f"{unit.name} is not started: {why}, until you resume it: 'dreamscape resume {unit.name}'")


def stopped(service: str) -> str:
    """Why a process of a service that a person stopped is paused."""
    return f"{service} was stopped"
