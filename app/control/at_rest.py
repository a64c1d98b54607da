"""Commands about processes while none can run: they change what the store keeps, and the next start obeys it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select, update

from services.core.commands import Command, Commands, given
from services.core.journal import Journal, Transaction
from services.core.process import ConfigurationFault, State
from services.core.store.schema import processes, schedules
from services.orchestrator.commands import (
    CancelProcess,
    InjectFault,
    KillProcess,
    NoSuchProcess,
    NotNow,
    PauseProcess,
    ResumeProcess,
    RunNow,
    SetParameters,
    SkipNext,
    StopService,
)
from services.orchestrator.definitions.building import build, is_plugin
from services.orchestrator.events import ParametersTold, ProcessChanged
from services.orchestrator.history.projections import ProcessRow
from services.orchestrator.near_names import hint
from services.orchestrator.supervision.holds import Held, HeldByGuard, HeldInPart, stays, stopped
from services.orchestrator.supervision.parameter_checks import check_built
from services.orchestrator.units.parameters import shown
from services.orchestrator.units.records import keep_owed, owed_to
from services.orchestrator.units.unit import Owed

WHILE = "while Dreamscape was not running"
Move = tuple[State, str]
Obey = Callable[[Transaction, Any, str], HeldInPart | None]
"""Obeys a command, and gives what is to be told of those that could not."""


def _paused(state: State) -> Move | None:
    return (State.PAUSED, f"paused {WHILE}") if state is not State.PAUSED else None


def _resumed(state: State) -> Move | None:
    return (State.WAITING, "for the next start of Dreamscape") if state in (State.PAUSED, State.PAUSING) else None


def _cancelled(state: State) -> Move | None:
    return (State.STOPPED, f"cancelled {WHILE}") if state not in (State.PAUSED, State.STOPPED) else None


def _owed_after(rule: Callable[[State], Move | None], owed: Owed, by: str) -> Owed:
    """What the process has to go on with at the next start."""
    if rule is _cancelled:
        return Owed(owed.paused_by)
    return replace(owed, paused_by=by if rule is _paused else "")


@dataclass
class AtRest:
    """Obeys the orchestrator's commands on the rows of the store, each in one transaction with its journal entry."""

    journal: Journal
    service_of: Callable[[str], str]
    held: Held = lambda name: None
    """Says what has stopped a process and lets only a person set it free."""
    defined: Callable[[str], Iterable[str]] = lambda service: ()
    """The names of a service's processes that files define, whether or not they have run."""

    def register(self, commands: Commands) -> None:
        """Take the place of the orchestrator's own handlers."""
        obeys: dict[type[Command], Obey] = {
            PauseProcess: lambda tx, command, by: self._move(tx, command.process, _paused, by),
            ResumeProcess: lambda tx, command, by: self._resume(tx, command.process, by),
            CancelProcess: lambda tx, command, by: self._move(tx, command.process, _cancelled, by),
            StopService: lambda tx, command, by: self._stop(tx, command.service, by),
            KillProcess: lambda tx, command, by: _nothing_runs(tx, command.process),
            InjectFault: lambda tx, command, by: _nothing_runs(tx, command.process),
            RunNow: lambda tx, command, by: _nothing_runs(tx, command.process),
            SkipNext: lambda tx, command, by: _skip_next(tx, command.process),
            SetParameters: _set,
        }
        for kind, obey in obeys.items():
            commands.register(kind, self._journalled(obey))

    def _journalled(self, obey: Obey) -> Callable[[Any, str], Future[Any]]:
        """One that is refused leaves no trace; one that was obeyed in part is on disk when that is told."""

        def obeyed(command: Command, by: str) -> Future[Any]:
            done: Future[Any] = Future()

            def work(tx: Transaction) -> HeldInPart | None:
                tx.record(given(command, by))
                return obey(tx, command, by)

            def tell(written: Future[HeldInPart | None]) -> None:
                refusal = written.exception() or written.result()
                if refusal is None:
                    done.set_result(None)
                else:
                    done.set_exception(refusal)

            self.journal.write(work).add_done_callback(tell)
            return done

        return obeyed

    def _resume(self, tx: Transaction, name: str, by: str) -> HeldInPart | None:
        """Let one go on, or all that nothing holds. Raises ``HeldByGuard`` where that is none."""
        names = [row.name for row in _rows(tx, name)]
        held = {each: hold for each in names if (hold := self.held(each)) is not None}
        if not held:
            self._move(tx, name, _resumed, by)
            return None
        told = ". ".join(stays(each, hold) for each, hold in held.items())
        if len(held) == len(names):
            raise HeldByGuard(told)
        for each in names:
            if each not in held:
                self._move(tx, each, _resumed, by)
        return HeldInPart(f"All others go on with the next start. {told}")

    def _stop(self, tx: Transaction, service: str, by: str) -> None:
        """Pause all of a service that would run again, or for the first time, by itself."""
        known = {row.name: row for row in _rows(tx, "*")}
        timed = set(tx.connection.execute(select(schedules.c.process)).scalars())
        theirs = {name for name in known if self.service_of(name) == service}
        for name in sorted(theirs | set(self.defined(service)) - known.keys()):
            row = known.get(name)
            if row is not None and row.state == State.STOPPED and name not in timed and not owed_to(tx, name).starts:
                continue  # it has come to its end
            keep_owed(tx, name, Owed(by))
            because = stopped(service)
            values = {"state": str(State.PAUSED), "because": because, "by": by}
            if row is None:
                new = {"name": name, "epoch": 0, "restarts": 0, "settings": "{}"}
                tx.connection.execute(insert(processes).values(**new, **values))
            else:
                tx.connection.execute(update(processes).where(processes.c.name == name).values(**values))
            restarts = row.restarts if row is not None else 0
            tx.record(ProcessChanged(name, service, State.PAUSED, because, by, restarts), source=name)

    def _move(self, tx: Transaction, name: str, rule: Callable[[State], Move | None], by: str) -> None:
        for row in _rows(tx, name):
            if name == "*" and rule is _paused and row.state == State.STOPPED:
                continue  # it has come to its end, and no resume of all is to begin it anew
            keep_owed(tx, row.name, _owed_after(rule, owed_to(tx, row.name), by))
            move = rule(State(row.state))
            if move is None:
                continue
            state, because = move
            values = {"state": str(state), "because": because, "by": by}
            tx.connection.execute(update(processes).where(processes.c.name == row.name).values(**values))
            service = self.service_of(row.name)
            tx.record(ProcessChanged(row.name, service, state, because, by, row.restarts), source=row.name)


def _rows(tx: Transaction, name: str) -> Iterable[Row[Any]]:
    """The stored process, or all for ``*``; raises ``NoSuchProcess``."""
    rows = tx.connection.execute(select(processes)).all()
    if name == "*":
        return rows
    found = [row for row in rows if row.name == name]
    if not found:
        raise NoSuchProcess(f"no process called {name!r} has run here yet; {hint(name, [row.name for row in rows])}")
    return found


def _nothing_runs(tx: Transaction, name: str) -> None:
    _rows(tx, name)
    raise NotNow(f"Dreamscape is not running, so {name} does not either; 'dreamscape run' starts both")


def _skip_next(tx: Transaction, name: str) -> None:
    _rows(tx, name)
    mine = (schedules.c.process == name) & schedules.c.planned.is_not(None)
    first = tx.connection.execute(select(schedules).where(mine).order_by(schedules.c.planned).limit(1)).first()
    if first is None:
        raise NotNow(f"{name} has no next time to skip")
    this = (schedules.c.process == name) & (schedules.c.trigger == first.trigger)
    tx.connection.execute(update(schedules).where(this).values(skip=first.skip + 1))


def check_at_rest(row: ProcessRow | None, changed: dict[str, Any]) -> None:
    """Raise ``ConfigurationFault`` for parameters that the next run would fail on, as far as can be told now.

    What a plug-in takes is known by name from its last run; whether a value fits it, only its child can say.
    """
    if row is None or not row.kind or row.kind.startswith("object:"):
        return  # nothing is known of what it takes; that there is no such process is told by whoever obeys
    known = {each.name: each.value for each in row.parameters}
    if not is_plugin(row.kind):
        check_built(build(row.kind, known | changed, row.name), row.name, changed)
    elif unknown := [name for name in changed if name not in known]:
        there = f"there are {', '.join(known)}" if known else "it takes none"
        raise ConfigurationFault(f"{row.name}: there is no parameter {unknown[0]!r} that is known of it; {there}")


def _set(tx: Transaction, command: SetParameters, by: str) -> None:
    (row,) = _rows(tx, command.process)
    if command.once:
        raise NotNow("Dreamscape is not running, so there is no next run to set it for; leave --once away, or start it")
    tx.refuse_secrets(command.parameters, f"parameters of {command.process}")
    settings = msgspec.json.decode(row.settings) | command.parameters
    text = msgspec.json.encode(settings).decode()
    tx.connection.execute(update(processes).where(processes.c.name == command.process).values(settings=text))
    tx.record(ParametersTold(command.process, settings=shown(settings)), source=command.process)
