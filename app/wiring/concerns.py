"""What the debugger finds comes before a person: into the Inbox when it is news, and out of it once it is gone.

A concern that was dismissed is not asked about again while it stays as it is. One that was looked at again and is
still there goes on waiting, and says so.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.engine import Engine
from app.wiring.asked_before import verdicts, waiting, withdraw
from services.core.commands import Commands
from services.core.decisions import ledger
from services.core.decisions.commands import LookNow
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import NewDecision, NotWaiting, Origin
from services.core.effects import Outcome, Standing
from services.core.events import Recorded
from services.core.journal import Transaction
from services.core.store.facts import fact, keep_fact
from services.debugger.concerns import Concern, Cycle, LookAgain
from services.orchestrator.commands import NotNow, RunNow
from services.orchestrator.events import ProcessRemoved, Result, RunEnded, RunStarted
from services.orchestrator.supervision.parameter_checks import pass_on

_GONE = "it was looked at again, and this is gone"
_STILL = "it was looked at again, and it is still there"
_REMOVED = "the process is no longer there"


@dataclass
class Concerns:
    """Follows each cycle over a project, on the core thread, and puts what came of it before a person."""

    engine: Engine
    _cycles: dict[str, Cycle] = field(default_factory=dict)
    _wanted: dict[str, set[str]] = field(default_factory=dict)
    """By process, what a person wants looked at again; the run that does so has not begun."""
    _looked: dict[str, set[str]] = field(default_factory=dict)
    """By process, what the run under way looks at again because a person wants it."""

    def open(self) -> None:
        """Begin to listen, and to have looked again."""
        self.engine.commands.register(LookNow, self._look)
        self.engine.bus.subscribe("concerns", self.take)

    def forget_gone(self, processes: Sequence[str]) -> None:
        """Withdraw what waits about processes that were removed while nobody listened."""
        known = frozenset(processes)

        def work(tx: Transaction) -> None:
            for entry, asked in waiting(tx, LookAgain):
                if asked.process not in known:
                    withdraw(tx, entry, _REMOVED)

        self.engine.journal.write(work)

    def take(self, batch: Sequence[Recorded]) -> None:
        """Follow what was committed. A subscriber of the bus."""
        for recorded in batch:
            match recorded.event:
                case RunStarted(process):
                    self._cycles[process] = Cycle()
                    self._looked[process] = self._wanted.pop(process, set())
                case RunEnded() as ended:
                    self._ended(ended)
                case ProcessRemoved(process):
                    self._cycles.pop(process, None)
                    self._settle(process, (), complete=True, why=_REMOVED)
                case event if cycle := self._cycles.get(recorded.source):
                    cycle.take(event)

    def _look(self, command: LookNow, by: str) -> "Future[Any]":
        """Have the project of a finding run; what comes of it is told when that run has ended."""
        done: Future[Any] = Future()

        def begin(read: "Future[tuple[str, str]]") -> None:
            if (error := read.exception()) is not None:
                done.set_exception(error)
                return
            identity, process = read.result()
            # On the core before the run is begun there, so that it is known what its end is told of.
            self.engine.loop.post(self._want, process, identity)
            self.engine.commands.dispatch(RunNow(process, {}), by).add_done_callback(lambda ran: pass_on(ran, done))

        self.engine.journal.write(lambda tx: _finding(tx, command.id)).add_done_callback(begin)
        return done

    def _want(self, process: str, identity: str) -> None:
        self._wanted.setdefault(process, set()).add(identity)

    def _ended(self, run: RunEnded) -> None:
        cycle = self._cycles.pop(run.process, None)
        looked, complete = self._looked.pop(run.process, set()), run.result is Result.FINISHED
        if cycle is not None and (cycle.spoke or looked):
            self._settle(run.process, cycle.concerns(), complete=complete, why=_GONE)
        if looked:
            why = run.detail or f"the run was {run.result}"
            told = _STILL if complete else f"it could not be looked at again: {why}"
            self.engine.journal.write(lambda tx: _tell_looked(tx, looked, told))

    def _settle(self, process: str, found: Sequence[Concern], *, complete: bool, why: str) -> None:
        """Ask about what is news; after a complete cycle, what was not found again is gone."""

        def work(tx: Transaction) -> None:
            there = {each.identity for each in found}
            asked_now = {asked.concern: entry for entry, asked in waiting(tx, LookAgain) if asked.process == process}
            seen = _seen(tx, process)
            if not (there or asked_now or seen):
                return
            for identity, entry in asked_now.items():
                if complete and identity not in there:
                    withdraw(tx, entry, why)
            for concern in found:
                if concern.identity not in asked_now:
                    _ask(tx, process, concern, known=concern.identity in seen)
            _keep_seen(tx, process, there if complete else there | seen)

        self.engine.journal.write(work)


def refuse_looks(commands: Commands) -> None:
    """Take the place of ``Concerns`` where nothing runs: nothing can be looked at there."""

    def refused(command: LookNow, by: str) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_exception(NotNow("Dreamscape is not running, so nothing can be looked at; 'dreamscape run' starts it"))
        return done

    commands.register(LookNow, refused)


def _finding(tx: Transaction, identity: str) -> tuple[str, str]:
    """The id and the process of a finding that waits. Raises ``NoSuchDecision`` or ``NotWaiting``."""
    entry = ledger.by_id(tx, identity)
    known = entry.decision
    if known.verdict is not Verdict.WAITING:
        raise NotWaiting(f"decision {known.id} is {known.verdict} and cannot be looked at again")
    effect = entry.effect()
    if not isinstance(effect, LookAgain):
        raise NotWaiting(f"decision {known.id} tells of no finding; 'dreamscape approve {known.id}' carries it out")
    return known.id, effect.process


def _tell_looked(tx: Transaction, identities: Iterable[str], told: str) -> None:
    """Say of what still waits what came of looking at it again."""
    for identity in identities:
        entry = ledger.by_id(tx, identity)
        if entry.decision.verdict is Verdict.WAITING:
            ledger.change(tx, entry, Verdict.WAITING, "program", Outcome(Standing.NOT_DONE, why=told))


def _ask(tx: Transaction, process: str, concern: Concern, *, known: bool) -> None:
    """Put a concern before a person, unless they dismissed it and it has been there ever since."""
    before = verdicts(tx, f"concern:{process}:{concern.identity}:")
    if known and before and before[-1] is Verdict.REJECTED:
        return
    effect = LookAgain(process, concern.identity, concern.what, len(before) + 1)
    because = {"where": concern.where, "mend": concern.mend}
    evidence = {"found": "\n".join(concern.details)} if concern.details else {}
    origin = Origin(f"process:{process}", process)
    proposal = Proposal(effect, because, evidence=evidence)
    ledger.enter(tx, NewDecision.put(proposal, origin))


def _seen(tx: Transaction, process: str) -> set[str]:
    """The concerns of the last cycle."""
    text = fact(tx.connection, f"concerns:{process}")
    return set(msgspec.json.decode(text)) if text else set()


def _keep_seen(tx: Transaction, process: str, identities: set[str]) -> None:
    keep_fact(tx.connection, f"concerns:{process}", msgspec.json.encode(sorted(identities)).decode())
