"""What is owed to a unit: its runs under way and its starts that wait, which no end of the program loses."""

from collections.abc import Sequence

from services.orchestrator.units.unit import Due, Owed, OwedRun, Unit


def owed_to(unit: Unit, waiting: Sequence[Due]) -> Owed:
    """What the unit would have to go on with, were the program to end now; ``waiting`` are its starts that wait."""
    going = [run for run in unit.runs.values() if run.cancelled_at is None and run.given_up is None]
    runs = tuple(OwedRun(run.epoch, run.overrides) for run in going)
    return Owed(unit.paused_by, runs, (*waiting, *unit.queue), unit.retry)


def starts_of(owed: Owed, why: str, by: str = "program") -> list[Due]:
    """The starts with which it goes on: first what ran or was to be tried again, then what waited."""
    again = [each.overrides for each in owed.runs]
    if owed.retry is not None and not again:
        again = [owed.retry.overrides]
    return [*(Due(why, overrides, by) for overrides in again), *owed.starts]
