"""The records of processes in the store: their state, runs, schedules and positions."""

import logging
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.effects import Effect, Outcome, Standing
from services.core.events import Event
from services.core.events.micros import from_micros, to_micros
from services.core.journal import Journal, Transaction
from services.core.process import State
from services.core.process.context import Position
from services.core.store.facts import drop_fact, fact, facts_from, keep_fact
from services.core.store.schema import processes, runs, schedules
from services.core.words import shortened
from services.orchestrator.events import ProcessChanged, ProcessRemoved, Result, RunEnded, RunStarted
from services.orchestrator.units.parameters import told_of
from services.orchestrator.units.positions import (
    all_positions,
    drop_position,
    drop_positions,
    position_of,
    take_over,
)
from services.orchestrator.units.run import Ending, Run
from services.orchestrator.units.unit import Owed, Unit

log = logging.getLogger(__name__)
_MAY_BE_PAUSED = frozenset({State.STALLED, State.STOPPING, State.FAILED, State.WAITING})
"""Other states of a process that was paused: it stalled or ends, or its definition bars it."""


SAFE_MODE = "safe mode"
"""Who has paused what a start in safe mode keeps from running."""


@dataclass(frozen=True)
class Stood:
    """How a process stood before it was paused for safe mode."""

    state: State
    because: str
    by: str
    paused_by: str


@dataclass(frozen=True)
class Remembered:
    """What the store knew of a process when the program started."""

    state: State
    because: str
    by: str
    epoch: int
    restarts: int
    settings: dict[str, Any]
    once: dict[str, Any]
    owed: Owed = Owed()

    def unless_safe(self, stood: Stood | None) -> "Remembered":
        """As it stood before it was paused for safe mode, which holds for the starts in that mode alone."""
        if stood is None or self.paused != SAFE_MODE:
            return self
        owed = replace(self.owed, paused_by=stood.paused_by)
        return replace(self, state=stood.state, because=stood.because, by=stood.by, owed=owed)

    @property
    def paused(self) -> str:
        """Who has paused it; empty where it is to go on, as does a run that was begun by hand of a paused process."""
        if self.state in (State.PAUSED, State.PAUSING):
            return self.by
        by_hand = self.state is State.WAITING and any(due.by == "user" for due in self.owed.starts)
        return self.owed.paused_by if self.state in _MAY_BE_PAUSED and not by_hand else ""


class RestartProcess(Effect, name="process.restart"):
    """The watchdog starts a process again after run ``epoch`` failed."""

    process: str
    epoch: int
    failed: str

    @property
    def key(self) -> str:
        return f"restart:{self.process}:{self.epoch}"

    @property
    def what(self) -> str:
        return f"Restarted {self.process} after it {self.failed}"


@dataclass
class Records:
    """Writes units to the store. Every change of state is an event and a row in one transaction."""

    journal: Journal

    def remembered(self) -> dict[str, Remembered]:
        """What is on disk, by name. Blocks."""
        with self.journal.store.reading.connect() as connection:
            once, owed = facts_from(connection, _once("")), facts_from(connection, _owed(""))
            aside = facts_from(connection, _safe(""))
            return {
                row.name: Remembered(
                    State(row.state),
                    row.because,
                    row.by,
                    row.epoch,
                    row.restarts,
                    _decoded(row.settings, dict[str, Any], row.name),
                    _decoded(once.get(row.name, "{}"), dict[str, Any], row.name),
                    _decoded(owed.get(row.name, "{}"), Owed, row.name),
                ).unless_safe(_decoded(aside.get(row.name, "null"), Stood | None, row.name))
                for row in connection.execute(select(processes))
            }

    def epochs(self) -> dict[str, int]:
        """The last epoch of every process that ever ran here, those that were removed included. Blocks."""
        with self.journal.store.reading.connect() as connection:
            last = select(runs.c.process, func.max(runs.c.epoch).label("epoch")).group_by(runs.c.process)
            return {row.process: row.epoch for row in connection.execute(last)}

    def positions(self) -> list[tuple[str, Position]]:
        """The last positions that are kept, each with the name of its process. Blocks."""
        with self.journal.store.reading.connect() as connection:
            return list(all_positions(connection))

    def position(self, name: str) -> Position | None:
        """The last position kept for a process. Blocks."""
        with self.journal.store.reading.connect() as connection:
            return position_of(connection, name)

    def take_over(self, name: str, epoch: int, alive: Collection[int]) -> Position | None:
        """Where the parallel run ``epoch`` goes on: where one that is over, and none of ``alive``, came to. Blocks."""
        journal = self.journal
        return journal.clock.result(journal.write(lambda tx: take_over(tx.connection, name, epoch, alive)))

    def last_fired(self) -> dict[tuple[str, str], tuple[datetime | None, datetime | None, int]]:
        """Planned time, last firing and skips of every (process, trigger). Blocks."""
        with self.journal.store.reading.connect() as connection:
            return {
                (row.process, row.trigger): (
                    from_micros(row.planned) if row.planned else None,
                    from_micros(row.fired) if row.fired else None,
                    row.skip,
                )
                for row in connection.execute(select(schedules))
            }

    def planned(self, name: str, trigger: str, planned: datetime | None, fired: datetime | None, skip: int) -> None:
        """Keep when a trigger is next due, when it last fired, and how many firings are to be skipped."""
        values = {
            "planned": to_micros(planned) if planned else None,
            "fired": to_micros(fired) if fired else None,
            "skip": skip,
        }
        statement = upsert(schedules).values(process=name, trigger=trigger, **values)
        statement = statement.on_conflict_do_update(index_elements=["process", "trigger"], set_=values)
        self.journal.write(lambda tx: tx.connection.execute(statement) and None)

    def moved(self, unit: Unit, *also: Event) -> None:
        """Keep the unit's state, and tell of it."""
        changed = ProcessChanged(
            unit.name,
            unit.plan.service,
            unit.state,
            shortened(unit.because),
            unit.by,
            unit.restarts,
            unit.until,
            unit.plan.scheduled,
        )
        row = _row(unit)

        def work(tx: Transaction) -> None:
            _keep(tx, row)
            tx.record(changed, *also, source=unit.name)

        self.journal.write(work)

    def owed(self, unit: Unit) -> None:
        """Keep what the unit has to go on with."""
        name, owed = unit.name, unit.owed
        self.journal.write(lambda tx: keep_owed(tx, name, owed))

    def set_aside(self, name: str, before: Remembered | None) -> None:
        """Keep how a process stood, while safe mode has it paused."""
        stood = Stood(State.WAITING, "", "program", "")
        if before is not None:
            stood = Stood(before.state, before.because, before.by, before.owed.paused_by)
        value = msgspec.json.encode(replace(stood, because=self.journal.clean(stood.because))).decode()
        self.journal.write(lambda tx: keep_fact(tx.connection, _safe(name), value))

    def parameters(self, unit: Unit) -> None:
        """Tell what the unit's next run is given, where that is news."""
        told = told_of(unit)
        if told != unit.parameters_told:
            unit.parameters_told = told
            self.journal.append(told, source=unit.name)

    def settings(self, unit: Unit) -> None:
        """Keep the parameters that the user set, for good and for the next run alone."""
        row = _row(unit)
        once, next_alone = _once(unit.name), msgspec.json.encode(unit.once).decode()

        def work(tx: Transaction) -> None:
            _keep(tx, row)
            keep_fact(tx.connection, once, next_alone)

        self.journal.write(work)
        self.parameters(unit)

    def run_started(self, unit: Unit, run: Run, lease_until: datetime) -> None:
        """Open the run's record; from here its epoch may speak."""
        row = _row(unit)

        def work(tx: Transaction) -> None:
            _keep(tx, row)
            tx.connection.execute(
                insert(runs),
                {
                    "process": run.process,
                    "epoch": run.epoch,
                    "started": to_micros(tx.at),
                    "result": "",
                    "detail": "",
                    "lease": to_micros(lease_until),
                },
            )
            drop_fact(tx.connection, _once(run.process))
            tx.record(RunStarted(run.process, run.epoch, run.why), source=run.process)

        self.journal.write(work)

    def run_ended(self, run: Run, ending: Ending, seconds: float, restart: RestartProcess | None = None) -> None:
        """Close the run's record: from here nothing of its epoch is written."""

        def work(tx: Transaction) -> None:
            this = (runs.c.process == run.process) & (runs.c.epoch == run.epoch)
            tx.connection.execute(
                update(runs).where(this),
                {"ended": to_micros(tx.at), "result": ending.result, "detail": tx.cleaned(ending.detail)[:500]},
            )
            tx.record(
                RunEnded(
                    run.process,
                    run.epoch,
                    ending.result,
                    ending.detail,
                    seconds,
                    ending.traceback[-8_000:],
                    ending.amiss,
                ),
                source=run.process,
            )
            if ending.result is Result.FINISHED:
                drop_position(tx.connection, run.process, run.epoch)
            if restart is not None and ledger.by_key(tx, restart.key) is None:
                because = {"result": str(ending.result), "detail": ending.detail}
                origin = ledger.Origin("watchdog", run.process, run.epoch)
                done = Outcome(Standing.DONE)
                ledger.enter(tx, ledger.NewDecision(restart, origin, because, Verdict.DONE, outcome=done))

        self.journal.write(work)

    def lost_runs(self) -> list[tuple[str, int]]:
        """Mark the runs that an earlier end of the program left open as LOST; returns them. Blocks."""
        return self.journal.clock.result(self.lose_runs())

    def lose_runs(self) -> "Future[list[tuple[str, int]]]":
        """Mark every run that is still open as LOST; the future gives them once that is on disk."""

        def work(tx: Transaction) -> list[tuple[str, int]]:
            rows = tx.connection.execute(select(runs).where(runs.c.ended.is_(None))).all()
            for row in rows:
                this = (runs.c.process == row.process) & (runs.c.epoch == row.epoch)
                detail = "the program ended while it ran"
                tx.connection.execute(
                    update(runs).where(this), {"ended": to_micros(tx.at), "result": Result.LOST, "detail": detail}
                )
                seconds = (to_micros(tx.at) - row.started) / 1e6
                tx.record(RunEnded(row.process, row.epoch, Result.LOST, detail, seconds), source=row.process)
            return [(row.process, row.epoch) for row in rows]

        return self.journal.write(work)

    def removed(self, name: str, by: str) -> None:
        """Forget a process; its history stays in the journal."""

        def work(tx: Transaction) -> None:
            tx.connection.execute(delete(processes).where(processes.c.name == name))
            tx.connection.execute(delete(schedules).where(schedules.c.process == name))
            drop_fact(tx.connection, _once(name), _owed(name), _safe(name))
            drop_positions(tx.connection, name)
            tx.record(ProcessRemoved(name, by), source=name)

        self.journal.write(work)


def _decoded(text: str, kind: Any, name: str) -> Any:
    """What is kept of a process; nothing where it cannot be read, since that must not keep the others from starting."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        log.error("what is kept of %s cannot be read (%s); it begins without", name, error)
        return Owed() if kind is Owed else {} if kind == dict[str, Any] else None


def owed_to(tx: Transaction, name: str) -> Owed:
    """What a process has to go on with, as it is on disk."""
    text = fact(tx.connection, _owed(name))
    owed: Owed = _decoded(text, Owed, name) if text else Owed()
    return owed


def keep_owed(tx: Transaction, name: str, owed: Owed) -> None:
    """Keep what a process has to go on with."""
    if owed == Owed():
        drop_fact(tx.connection, _owed(name))
    else:
        keep_fact(tx.connection, _owed(name), msgspec.json.encode(owed).decode())


def _once(name: str) -> str:
    """The fact under which the parameters for the next run alone are kept."""
    return f"once:{name}"


def _owed(name: str) -> str:
    """The fact under which is kept what a process has to go on with."""
    return f"owed:{name}"


def _safe(name: str) -> str:
    """The fact under which is kept how a process stood before safe mode paused it."""
    return f"before safe mode:{name}"


def _row(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "state": str(unit.state),
        "because": shortened(unit.because),
        "by": unit.by,
        "epoch": unit.epoch,
        "restarts": unit.restarts,
        "settings": msgspec.json.encode(unit.settings).decode(),
    }


def _keep(tx: Transaction, row: dict[str, Any]) -> None:
    row = row | {"because": tx.cleaned(row["because"])}
    statement = upsert(processes).values(**row)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))
