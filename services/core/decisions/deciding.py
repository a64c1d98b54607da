"""Obeying what a person tells the ledger: in workers, since acts block on the outside, and through every crash."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.core.clock import Clock
from services.core.commands import Command, Commands, accepted
from services.core.commands.accepted import Accepted
from services.core.decisions import ledger
from services.core.decisions.commands import (
    ApproveDecision,
    EditDecision,
    RejectDecision,
    SettleUnknown,
    SnoozeDecision,
    UndoDecision,
    WakeDecision,
    decision_of,
)
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import Entry, NoSuchDecision, NotWaiting
from services.core.decisions.snoozing import put_off, wake
from services.core.effects.acts import Acts
from services.core.effects.dealings import NoHandler
from services.core.errors import UserError
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.faults import fault_point
from services.core.journal import Journal
from services.core.workers import Workers

log = logging.getLogger(__name__)
_UNDONE_BY_A_CRASH = frozenset({Verdict.NOT_DONE, Verdict.INTENDED, Verdict.UNKNOWN})
"""Where an approved act may stand that a crash kept from coming to its outcome."""

_REFUSALS = (NoSuchDecision, NotWaiting, NoHandler, UnknownMessage, MalformedMessage, UserError)


@dataclass(frozen=True)
class Deciding:
    """Obeys the ledger's commands. Each is on disk before it is obeyed, and marked there until it was."""

    acts: Acts
    journal: Journal
    clock: Clock
    workers: Workers
    _later: dict[str, Accepted] = field(default_factory=dict)
    """What a crash left and nobody can say of whether it was done, by its decision: until that has settled."""

    def register(self, commands: Commands) -> None:
        for kind, obey in self._obeys().items():
            commands.register(kind, self._in_worker(obey))

    def _obeys(self) -> dict[type[Command], Callable[[Any, str], Any]]:
        acts = self.acts
        return {
            ApproveDecision: lambda command, by: acts.approvals.approve(command.id, by),
            EditDecision: lambda command, by: acts.approvals.approve(command.id, by, command.changes),
            RejectDecision: lambda command, by: acts.approvals.reject(command.id, by, command.why),
            UndoDecision: lambda command, by: acts.undo(command.id, by),
            SnoozeDecision: lambda command, by: self._put_off(command, by),
            WakeDecision: lambda command, by: self._wake(command, by),
            SettleUnknown: lambda command, by: acts.settle(command.id, command.done, by, command.why),
        }

    def go_on(self) -> None:
        """Obey what a crash left, in a worker: each once, whatever of it was done before the crash. Blocks a moment."""
        left = accepted.unfinished(self.journal, tuple(self._obeys()))

        def work() -> None:
            for each in left:
                try:
                    self._again(each)
                except Exception:  # one that cannot be obeyed any more must not keep the others waiting
                    log.exception("%s of %s cannot be obeyed after the crash", each.command.type_name, each.by)
                self._finish_or_wait(each)

        if left:
            self.workers.start("commands that a crash left", work)

    def go_on_with(self, identity: str) -> None:
        """Obey what waited for the outside to tell how this decision stands, if it does by now. Blocks."""
        left = self._later.pop(identity, None)
        if left is None:
            return
        entry = self._entry(identity)
        # What a person settled meanwhile is as they say.
        if entry.decision.verdict is Verdict.NOT_DONE and entry.changed_by == "program":
            self.acts.approvals.go_on(entry, left.by, _changes(left.command))
        self._finish_or_wait(left)

    def _in_worker(self, obey: Callable[[Any, str], Any]) -> "Callable[[Any, str], Future[Any]]":
        def obeyed(command: Any, by: str) -> "Future[Any]":
            done: Future[Any] = Future()

            def work() -> None:
                try:
                    seq = self.clock.result(self.journal.write(lambda tx: accepted.accept(tx, command, by)))
                    fault_point("command.accepted")
                    try:
                        result = obey(command, by)
                    finally:
                        self._finish(seq)
                    done.set_result(result)
                except Exception as error:
                    if not isinstance(error, _REFUSALS):
                        log.exception("%s by %s failed", command.type_name, by)
                    done.set_exception(error)

            self.workers.start(f"{command.type_name} {command.id}", work)
            return done

        return obeyed

    def _put_off(self, command: SnoozeDecision, by: str) -> None:
        self.clock.result(self.journal.write(lambda tx: put_off(tx, command.id, command.until, by)))

    def _wake(self, command: WakeDecision, by: str) -> None:
        self.clock.result(self.journal.write(lambda tx: wake(tx, command.id, by)))

    def _finish_or_wait(self, left: Accepted) -> None:
        identity = decision_of(left.command)
        if self.acts.unsettled.settles(identity) and isinstance(left.command, ApproveDecision | EditDecision):
            self._later[identity] = left
        else:
            self._finish(left.seq)

    def _finish(self, seq: int) -> None:
        self.clock.result(self.journal.write(lambda tx: accepted.finish(tx, seq)))

    def _again(self, left: Accepted) -> None:
        identity = decision_of(left.command)
        entry = self._entry(identity)
        log.warning("%s, given by %s before the crash, is obeyed now", left.command.type_name, left.by)
        match left.command:
            case ApproveDecision() | EditDecision():
                self._approve_again(entry, left.by, _changes(left.command))
            case RejectDecision(why=why) if entry.decision.verdict is Verdict.WAITING:
                self.acts.approvals.reject(entry.decision.id, left.by, why)
            case SnoozeDecision() as put if entry.decision.verdict is Verdict.WAITING:
                self._put_off(put, left.by)
            case WakeDecision() as woken:
                with suppress(NotWaiting):  # it is back already
                    self._wake(woken, left.by)
            case SettleUnknown(done=done, why=why) if entry.decision.verdict in (Verdict.UNKNOWN, Verdict.UNDOING):
                self.acts.settle(entry.decision.id, done, left.by, why)
            case UndoDecision() if entry.decision.verdict in (Verdict.DONE, Verdict.REJECTED):
                self.acts.undo(entry.decision.id, left.by)

    def _entry(self, identity: str) -> Entry:
        return self.clock.result(self.journal.write(lambda tx: ledger.by_id(tx, identity)))

    def _approve_again(self, entry: Entry, by: str, changes: dict[str, Any] | None) -> None:
        """An approval that came as far as the intent goes on from there, in the person's own words."""
        if entry.decision.verdict is Verdict.WAITING:
            self.acts.approvals.approve(entry.decision.id, by, changes)
        elif entry.decision.verdict in _UNDONE_BY_A_CRASH:
            self.acts.approvals.go_on(entry, by, changes)


def _changes(command: Command) -> dict[str, Any] | None:
    return command.changes if isinstance(command, EditDecision) else None
