"""The reckoning of a span of time: what each process did, counted from the store."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Recorded
from services.core.events.micros import to_micros
from services.core.journal import Journal
from services.core.store.schema import events
from services.orchestrator.events import Result, RunEnded, RunStarted
from services.orchestrator.housekeeping.events import ProcessReview
from services.orchestrator.supervision.watchdog import percentile
from services.orchestrator.units.records import RestartProcess

FAILED = frozenset({Result.FAILED, Result.DIED, Result.STALLED, Result.MISCONFIGURED, Result.LOST})
TAKEN = frozenset({Verdict.INTENDED, Verdict.DONE})
"""Verdicts with which a decision enters the ledger that nobody was asked about."""
HOUSE = "dreamscape"
"""Who decided where no process stands behind it: a rule, or the program itself."""
_ERROR_LENGTH = 160
_KINDS = (RunStarted, RunEnded, DecisionTaken, DecisionChanged)


@dataclass
class _Tally:
    runs: int = 0
    failures: int = 0
    restarts: int = 0
    seconds: list[float] = field(default_factory=list)
    alone: int = 0
    undone: int = 0
    errors: Counter[str] = field(default_factory=Counter)


@dataclass
class Reckoning:
    """Counts events, one after the other; ``rows`` gives the sums, the busiest first."""

    tallies: dict[str, _Tally] = field(default_factory=dict)

    def take(self, recorded: Recorded) -> None:
        match recorded.event:
            case RunStarted(process):
                self._of(process).runs += 1
            case RunEnded() as ended:
                self._ended(ended)
            case DecisionTaken() as taken if taken.verdict in TAKEN and taken.by != "user":
                tally = self._of(taken.process)
                tally.alone += 1
                tally.restarts += taken.kind == RestartProcess.type_name
            case DecisionChanged(_, Verdict.UNDONE):
                self._of(recorded.source).undone += 1

    def rows(self) -> tuple[ProcessReview, ...]:
        """One row for each process that did anything."""
        rows = (_row(name, tally) for name, tally in self.tallies.items())
        return tuple(sorted(rows, key=lambda row: (-row.failures, -row.restarts, -row.runs, row.process)))

    def _ended(self, ended: RunEnded) -> None:
        tally = self._of(ended.process)
        tally.seconds.append(ended.seconds)
        if ended.result in FAILED:
            tally.failures += 1
            tally.errors[" ".join((ended.detail or str(ended.result)).split())[:_ERROR_LENGTH]] += 1

    def _of(self, process: str) -> _Tally:
        return self.tallies.setdefault(process or HOUSE, _Tally())


def reckon(journal: Journal, start: datetime, end: datetime) -> Reckoning:
    """What happened from ``start`` on and before ``end``. Blocks."""
    with journal.store.reading.connect() as connection:
        reckoning = Reckoning()
        for recorded in _events(journal, connection, start, end):
            reckoning.take(recorded)
    return reckoning


def _events(journal: Journal, connection: Connection, start: datetime, end: datetime) -> Iterable[Recorded]:
    within = (events.c.at >= to_micros(start)) & (events.c.at < to_micros(end))
    row = connection.execute(select(func.min(events.c.seq), func.max(events.c.seq)).where(within)).one()
    if row[0] is None:
        return ()
    names = dict.fromkeys((kind.type_name for kind in _KINDS), 0)
    return journal.read(row[0] - 1, row[1], names=names, within=connection)


def _row(name: str, tally: _Tally) -> ProcessReview:
    return ProcessReview(
        name,
        tally.runs,
        tally.failures,
        tally.restarts,
        round(percentile(tally.seconds, 0.95), 3) if tally.seconds else None,
        tally.alone,
        tally.undone,
        tuple(f"{count}× {told}" for told, count in tally.errors.most_common(3)),
    )
