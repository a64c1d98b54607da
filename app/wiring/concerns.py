"""What the debugger finds comes before a person: into the Inbox when it is news, and out of it once it is gone.

A concern that was dismissed is not asked about again while it stays as it is. One that was looked at again and is
still there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec
from sqlalchemy import select

from app.engine import Engine
from app.wiring.told import command_of
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, Origin
from services.core.effects import Details, Outcome, Refused, Standing
from services.core.events import Recorded
from services.core.journal import Transaction
from services.core.store.facts import fact, keep_fact
from services.core.store.prefixes import begins
from services.core.store.schema import decisions
from services.debugger.concerns import Concern, Cycle, LookAgain
from services.orchestrator.commands import NoSuchProcess, NotNow, RunNow
from services.orchestrator.events import ProcessRemoved, Result, RunEnded, RunStarted

_GONE = "it was looked at again, and this is gone"
_REMOVED = "the process is no longer there"


@dataclass(frozen=True)
class LookNow:
    """Has a project looked at again, as ``run-now`` does."""

    final: ClassVar[str] = "it has been looked at again"

    engine: Engine

    def carry_out(self, effect: LookAgain) -> Details:
        """Raises ``Refused`` where it cannot run now."""
        try:
            self.engine.clock.result(self.engine.commands.dispatch(RunNow(effect.process, {}, effect.key), "user"))
        except (NoSuchProcess, NotNow) as refusal:
            raise Refused(str(refusal)) from refusal
        return {"process": effect.process}

    def look_up(self, effect: LookAgain) -> Outcome:
        return command_of(self.engine, effect)


class LookLater:
    """Stands in while nothing can run: what waits goes on waiting."""

    def carry_out(self, effect: LookAgain) -> Details:
        raise Refused("Dreamscape is not running, so nothing can be looked at")

    def look_up(self, effect: LookAgain) -> Outcome:
        """What is approved here is never carried out."""
        return Outcome(Standing.NOT_DONE)

    def still_holds(self, effect: LookAgain) -> str:
        raise NotNow("Dreamscape is not running; 'dreamscape run' starts it")


@dataclass
class Concerns:
    """Follows each cycle over a project, on the core thread, and puts what came of it before a person."""

    engine: Engine
    _cycles: dict[str, Cycle] = field(default_factory=dict)

    def open(self) -> None:
        """Begin to listen, and take over what is approved."""
        self.engine.acts.handlers[LookAgain] = LookNow(self.engine)
        self.engine.bus.subscribe("concerns", self.take)

    def forget_gone(self, processes: Sequence[str]) -> None:
        """Withdraw what waits about processes that were removed while nobody listened."""
        known = frozenset(processes)

        def work(tx: Transaction) -> None:
            for entry, asked in _waiting(tx):
                if asked.process not in known:
                    _withdraw(tx, entry, _REMOVED)

        self.engine.journal.write(work)

    def take(self, batch: Sequence[Recorded]) -> None:
        """Follow what was committed. A subscriber of the bus."""
        for recorded in batch:
            match recorded.event:
                case RunStarted(process):
                    self._cycles[process] = Cycle()
                case RunEnded(process, _, result):
                    self._ended(process, result)
                case ProcessRemoved(process):
                    self._cycles.pop(process, None)
                    self._settle(process, (), complete=True, why=_REMOVED)
                case event if cycle := self._cycles.get(recorded.source):
                    cycle.take(event)

    def _ended(self, process: str, result: Result) -> None:
        cycle = self._cycles.pop(process, None)
        if cycle is not None and cycle.spoke:
            self._settle(process, cycle.concerns(), complete=result is Result.FINISHED, why=_GONE)

    def _settle(self, process: str, found: Sequence[Concern], *, complete: bool, why: str) -> None:
        """Ask about what is news; after a complete cycle, what was not found again is gone."""

        def work(tx: Transaction) -> None:
            there = {each.identity for each in found}
            waiting = {asked.concern: entry for entry, asked in _waiting(tx) if asked.process == process}
            seen = _seen(tx, process)
            if not (there or waiting or seen):
                return
            for identity, entry in waiting.items():
                if complete and identity not in there:
                    _withdraw(tx, entry, why)
            for concern in found:
                if concern.identity not in waiting:
                    _ask(tx, process, concern, known=concern.identity in seen)
            _keep_seen(tx, process, there if complete else there | seen)

        self.engine.journal.write(work)


def _ask(tx: Transaction, process: str, concern: Concern, *, known: bool) -> None:
    """Put a concern before a person, unless they dismissed it and it has been there ever since."""
    before = _asked_before(tx, process, concern.identity)
    if known and before and before[-1] is Verdict.REJECTED:
        return
    effect = LookAgain(process, concern.identity, concern.what, len(before) + 1)
    because = {"where": concern.where, "mend": concern.mend}
    evidence = {"found": "\n".join(concern.details)} if concern.details else {}
    origin = Origin(f"process:{process}", process)
    proposal = Proposal(effect, because, evidence=evidence)
    ledger.enter(tx, effect, origin, because, Verdict.WAITING, proposal=proposal)


def _asked_before(tx: Transaction, process: str, identity: str) -> list[Verdict]:
    """What came of each time this concern was put before a person, oldest first."""
    same = begins(decisions.c.key, f"concern:{process}:{identity}:")
    rows = tx.connection.execute(select(decisions.c.verdict).where(same).order_by(decisions.c.at, decisions.c.key))
    return [Verdict(row.verdict) for row in rows]


def _waiting(tx: Transaction) -> list[tuple[Entry, LookAgain]]:
    found = [(entry, entry.effect()) for entry in ledger.waiting(tx) if entry.effect_name == LookAgain.type_name]
    return [(entry, effect) for entry, effect in found if isinstance(effect, LookAgain)]


def _withdraw(tx: Transaction, entry: Entry, why: str) -> None:
    ledger.change(tx, entry, Verdict.EXPIRED, "program", Outcome(Standing.NOT_DONE, why=why))


def _seen(tx: Transaction, process: str) -> set[str]:
    """The concerns of the last cycle."""
    text = fact(tx.connection, f"concerns:{process}")
    return set(msgspec.json.decode(text)) if text else set()


def _keep_seen(tx: Transaction, process: str, identities: set[str]) -> None:
    keep_fact(tx.connection, f"concerns:{process}", msgspec.json.encode(sorted(identities)).decode())
