"""The act: intent on disk, epoch checked, carried out once, outcome on disk; and the looking up of what is unknown.

Everything here blocks and runs in workers, never on the core or GUI thread.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from services.core.clock import Clock
from services.core.decisions import ledger
from services.core.decisions.decision import OPEN, Proposal, Verdict
from services.core.decisions.ledger import Because, Entry, HeldBack, NewDecision, NotWaiting, Origin
from services.core.effects import (
    Conditional,
    Effect,
    Handler,
    Outcome,
    Standing,
    UndoHeld,
    can_undo,
    edited,
    why_final,
)
from services.core.effects.inhand import Call, InHand
from services.core.effects.intent import Intent, Next
from services.core.effects.outside import MAY_ARRIVE, asked, carried_out, done_since_copy, taken_back
from services.core.effects.unsettled import Unsettled
from services.core.effects.verdicts import OF_ACT, OF_UNDO
from services.core.errors import in_words
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.faults import fault_point
from services.core.journal import Journal, Transaction, Work
from services.core.process.lease import Lease

T = TypeVar("T")
log = logging.getLogger(__name__)

LOOK_UP_PATIENCE = 30.0
"""Seconds that an act waits for a look-up of the same cause that is under way."""


class NoHandler(LookupError):
    """Nobody has registered how this kind of effect is carried out."""


@dataclass
class Acts:
    """Carries out, looks up, approves and undoes effects, by the handlers registered in ``app/``."""

    journal: Journal
    clock: Clock
    handlers: dict[type[Effect], Handler]

    def __post_init__(self) -> None:
        self._hand = InHand(self.clock)
        self.unsettled = Unsettled(self.clock, self.handlers)

    def act(self, lease: Lease, effect: Effect, because: Because, by: str = "") -> Outcome:
        """Do ``effect`` for the run that holds ``lease``: once, whatever happens. Raises ``Superseded``."""
        handler = self._handler(effect)
        origin = Origin(by or f"process:{lease.process}", lease.process, lease.epoch)
        call = self._hand.call()
        try:
            outcome = self._act(lease, effect, origin, because, handler, call)
        finally:
            self._hand.end(call)
        lease.check()
        return outcome

    def propose(self, origin: Origin, proposal: Proposal) -> str:
        """Put a decision before a person; the same key asked again gives the same id."""
        undoable = can_undo(self._handler(proposal.effect), proposal.effect)

        def work(tx: Transaction) -> str:
            known = ledger.by_key(tx, proposal.effect.key)
            if known is not None:
                return known.decision.id
            if origin.process:
                ledger.require_epoch(tx, origin.process, origin.epoch)
            return ledger.enter(tx, NewDecision.put(proposal, origin, undoable=undoable))

        return self._write(work)

    def note(self, effect: Effect, origin: Origin, because: Because, outcome: Outcome) -> str:
        """Enter something already done inside the program (a restart, a rule's note) into the ledger."""
        done = NewDecision(effect, origin, because, OF_ACT[outcome.standing], outcome=outcome)
        return self._write(lambda tx: ledger.enter(tx, done))

    def decide(self, effect: Effect, because: Because, by: str) -> Outcome:
        """Take a decision that no run stands behind (a rule, the watchdog) and carry it out."""
        return self.act(Lease("", 0), effect, because, by)

    def approve(self, identity: str, by: str = "user", changes: dict[str, Any] | None = None) -> Outcome:
        """Carry out what waits for a person, if what it rested on still holds; ``changes`` edit its fields first.

        Raises ``NoSuchDecision``, ``NotWaiting``, ``NoHandler``, or what ``edited`` raises where a change does not fit.
        """
        return self._approve(identity, by, changes, Verdict.WAITING)

    def go_on(self, entry: Entry, by: str) -> Outcome:
        """Carry out what was approved before a crash, if it certainly did not happen and what it rested on holds.

        As it is stored: where it was edited, its key still is that of the draft.
        """
        outcome = ledger.outcome_of(entry)
        if entry.decision.verdict in OPEN:
            effect = entry.effect()
            outcome = self._look_up_alone(entry, self._handler(effect), effect)
        if outcome.standing is not Standing.NOT_DONE:
            return outcome
        return self._approve(entry.decision.id, by, None, Verdict.NOT_DONE)

    def _approve(self, identity: str, by: str, changes: dict[str, Any] | None, stands: Verdict) -> Outcome:
        call = self._hand.call()

        def begin(tx: Transaction) -> tuple[Entry, datetime | None]:
            entry = ledger.require(tx, identity, stands, "approved")
            doubted = ledger.doubted(tx, entry)
            effect = entry.effect()
            if effect.finding:
                mend = "'dreamscape look-again' has it looked at again"
                raise NotWaiting(f"decision {entry.decision.id} tells of a finding, with nothing to approve; {mend}")
            self._handler(effect)
            changed = edited(effect, changes) if changes else None
            # A person stands behind it now: the end of the run that proposed it no longer withdraws it.
            ledger.change(tx, entry, Verdict.INTENDED, by, effect=changed, epoch=0)
            self._hand.take(entry.decision.id, call)
            return ledger.by_id(tx, entry.decision.id), doubted

        entry, doubted = self._write(begin)
        try:
            return self._approved(entry, by, doubted)
        finally:
            self._hand.end(call)

    def reject(self, identity: str, by: str = "user", why: str = "") -> None:
        """Decline what waits for a person. Raises ``NoSuchDecision`` or ``NotWaiting``."""

        def work(tx: Transaction) -> None:
            entry = ledger.require(tx, identity, Verdict.WAITING, "rejected")
            ledger.change(tx, entry, Verdict.REJECTED, by, Outcome(Standing.NOT_DONE, why=why))

        self._write(work)

    def settle(self, identity: str, done: bool, by: str, why: str) -> None:
        """Take a person's word for what nobody else can tell; raises what ``ledger.settle`` raises."""
        self._write(lambda tx: ledger.settle(tx, identity, done, by, why, self._hand.holds))

    def undo(self, identity: str, by: str = "user") -> Outcome:
        """Take back what was done; what was rejected is put back before the person, and nothing is done outside.

        Raises ``NoSuchDecision``, ``NotWaiting`` where it cannot be undone, with why, or ``HeldBack`` where a person
        has to do something else first. What is refused stands as it stood, by whom it did.
        """
        self._require_free(identity)
        call = self._hand.call()

        def begin(tx: Transaction) -> Entry | None:
            if ledger.put_back(tx, identity, by):
                return None
            entry = ledger.require(tx, identity, Verdict.DONE, "undone")
            handler = self._handler(entry.effect())
            if not entry.decision.undoable:
                raise NotWaiting(f"“{entry.decision.what}” cannot be undone: {why_final(handler)}")
            ledger.change(tx, entry, Verdict.UNDOING, by)
            self._hand.take(entry.decision.id, call)
            return entry

        entry = self._write(begin)
        if entry is None:
            return Outcome(Standing.DONE)
        try:
            fault_point("undo.intended")
            verdict, outcome = taken_back(self._handler(entry.effect()), entry)
            fault_point("undo.carried_out")
            refused = verdict is Verdict.DONE and not outcome.done
            stood_by = entry.changed_by or entry.decision.by
            self._settle(entry.decision.id, outcome, stood_by if refused else by, verdict)
        finally:
            self._hand.end(call)
        return outcome

    def withdraw(self, lease: Lease) -> None:
        """End a lease: what it only intended is withdrawn, what it had begun is unknown until looked up."""
        begun = lease.end()
        if begun:
            self._hand.give_up(lease)

        def work(tx: Transaction) -> None:
            for entry in ledger.open_acts(tx, lease.process):
                if entry.epoch != lease.epoch or entry.decision.verdict is not Verdict.INTENDED:
                    continue
                if entry.decision.id in begun:
                    unknown = Outcome(Standing.UNKNOWN, why="the run was given up while it acted")
                    ledger.change(tx, entry, Verdict.UNKNOWN, "watchdog", unknown)
                    self.unsettled.note(entry)
                else:
                    withdrawn = Outcome(Standing.NOT_DONE, why="withdrawn before it began")
                    ledger.change(tx, entry, Verdict.NOT_DONE, "watchdog", withdrawn)
                self._hand.drop(entry.decision.id)

        self._write(work)

    def look_up_open(self, process: str, alive: frozenset[int] = frozenset()) -> list[Entry]:
        """Ask the outside about the open acts of a process's ended runs; returns those that stay unknown.

        Done before each run begins. What nobody can handle any more stays unknown, for a person.
        """
        found = self._write(lambda tx: ledger.open_acts(tx, process))
        return self._look_up_each([entry for entry in found if entry.epoch not in alive])

    def reconcile(self) -> tuple[int, int]:
        """Ask about every open act there is, at start; returns how many were asked and how many stay unknown."""
        found = self._write(ledger.open_acts)
        return len(found), len(self._look_up_each(found))

    def look_again(self, identity: str) -> Entry:
        """Ask once more about an act that is unknown, by its id; returns it as it stands then."""
        self._look_up_each([self._entry(identity)])
        return self._entry(identity)

    def _look_up_each(self, entries: list[Entry]) -> list[Entry]:
        left = []
        for entry in entries:
            try:
                effect = entry.effect()
                found = self._look_up_alone(entry, self._handler(effect), effect)
            except (UnknownMessage, MalformedMessage, NoHandler) as error:
                found = Outcome(Standing.UNKNOWN, why=in_words(error))
                undoing = entry.decision.verdict is Verdict.UNDOING
                self._settle(entry.decision.id, found, "program", Verdict.UNDOING if undoing else None)
            if found.standing is Standing.UNKNOWN:
                left.append(entry)
        return left

    def _act(
        self, lease: Lease, effect: Effect, origin: Origin, because: Because, handler: Handler, call: Call
    ) -> Outcome:
        intent = self._intend(effect, origin, because, handler, call)
        if intent.next is Next.WAIT and intent.call is not None and intent.call.ended.wait(LOOK_UP_PATIENCE):
            intent = self._intend(effect, origin, because, handler, call)
        if intent.next is Next.LOOK_UP:
            found = self._look_up(self._entry(intent.id), handler, effect)
            if found.standing is not Standing.NOT_DONE:
                return found
            intent = self._intend(effect, origin, because, handler, call)
        if intent.next is Next.CARRY_OUT:
            if intent.doubted:
                found = self._done_before(intent.doubted, handler, effect)
                if found.standing is not Standing.NOT_DONE:
                    self._settle(intent.id, found, "program")
                    return found
            return self._do(lease, intent.id, handler, effect, origin.by)
        return intent.outcome or Outcome(Standing.UNKNOWN)

    def _approved(self, entry: Entry, by: str, doubted: datetime | None) -> Outcome:
        effect = entry.effect()
        handler = self._handler(effect)
        if doubted:
            before = self._done_before(doubted, handler, effect)
            if before.done:
                self._settle(entry.decision.id, before, "program")
                return before
            if before.standing is Standing.UNKNOWN:
                return self._waits_on(entry, f"nobody can tell yet whether it was done before: {before.why}")
        try:
            why = self._no_longer(entry, handler, effect)
        except Exception as error:
            return self._waits_on(entry, f"what it rests on cannot be checked now ({in_words(error)})")
        if why:
            outcome = Outcome(Standing.NOT_DONE, why=why)
            self._settle(entry.decision.id, outcome, by, Verdict.EXPIRED)
            return outcome
        return self._do(Lease("", 0), entry.decision.id, handler, effect, by)

    def _intend(self, effect: Effect, origin: Origin, because: Because, handler: Handler, call: Call) -> Intent:
        new = NewDecision(effect, origin, because, Verdict.INTENDED, undoable=can_undo(handler, effect))

        def work(tx: Transaction) -> Intent:
            if origin.process:
                ledger.require_epoch(tx, origin.process, origin.epoch)
            known = ledger.by_key(tx, effect.key)
            if known is None:
                fresh = ledger.enter(tx, new)
                intent = Intent(Next.CARRY_OUT, fresh, doubted=ledger.doubted(tx, None))
            else:
                intent = self._met_before(tx, known, origin, call)
            if intent.next in (Next.CARRY_OUT, Next.LOOK_UP):
                self._hand.take(intent.id, call)
            return intent

        return self._write(work)

    def _met_before(self, tx: Transaction, known: Entry, origin: Origin, call: Call) -> Intent:
        """The same cause again: what is known of it decides, and only what certainly did not happen is tried."""
        verdict = known.decision.verdict
        other = self._hand.other(known.decision.id, call)
        if other is not None:
            in_hand = Outcome(Standing.UNKNOWN, why="another call has it in hand")
            return Intent(Next.WAIT if other.looks else Next.KNOWN, known.decision.id, in_hand, other)
        if verdict is Verdict.NOT_DONE:
            ledger.change(tx, known, Verdict.INTENDED, origin.by, epoch=origin.epoch)
            return Intent(Next.CARRY_OUT, known.decision.id, doubted=ledger.doubted(tx, known))
        if verdict in OPEN:
            return Intent(Next.LOOK_UP, known.decision.id)
        return Intent(Next.KNOWN, known.decision.id, ledger.outcome_of(known))

    def _waits_on(self, entry: Entry, told: str) -> Outcome:
        """Nothing of what was approved is begun: it is before the person as it was."""
        outcome = Outcome(Standing.NOT_DONE, why=f"it still waits: {told}")
        self._write(lambda tx: ledger.change(tx, entry, Verdict.WAITING, "program", outcome))
        return outcome

    def _done_before(self, doubted: datetime, handler: Handler, effect: Effect) -> Outcome:
        """What the outside tells of an act that the ledger may have forgotten, if it was sent until ``doubted``."""
        return done_since_copy(handler, effect, may_arrive=self.unsettled.may_arrive(effect, doubted) > 0)

    def _do(self, lease: Lease, identity: str, handler: Handler, effect: Effect, by: str) -> Outcome:
        """From the intent on disk to the outcome on disk. Raises ``Superseded`` before it begins, never between."""
        fault_point("act.intended")
        lease.begin(identity)
        outcome = carried_out(handler, effect)
        fault_point("act.carried_out")
        self._settle(identity, outcome, by)
        lease.finish(identity)
        return outcome

    def _look_up_alone(self, entry: Entry, handler: Handler, effect: Effect) -> Outcome:
        """Look up, unless another call has the decision in hand."""
        call = self._hand.call(looks=True)
        if not self._hand.take_if_free(entry.decision.id, call):
            return Outcome(Standing.UNKNOWN, why="it is in hand")
        try:
            return self._look_up(self._entry(entry.decision.id), handler, effect)
        finally:
            self._hand.end(call)

    def _look_up(self, entry: Entry, handler: Handler, effect: Effect) -> Outcome:
        if entry.decision.verdict not in OPEN:  # settled since it was listed
            return ledger.outcome_of(entry)
        may_still_come = self._hand.may_still_come(entry.decision.id)  # as it is before the outside is asked
        undoing = entry.decision.verdict is Verdict.UNDOING
        doubted = self._write(lambda tx: ledger.doubted(tx, entry))
        may_arrive = self.unsettled.left(entry, doubted) > 0  # as it is before the outside is asked, too
        outcome = asked(handler, effect, "")
        if outcome.standing is Standing.NOT_DONE and may_still_come:
            outcome = Outcome(Standing.UNKNOWN, why="not done yet, but a call that was given up may still do it")
        elif outcome.standing is (Standing.DONE if undoing else Standing.NOT_DONE) and may_arrive:
            outcome = Outcome(Standing.UNKNOWN, why=entry.decision.why or MAY_ARRIVE)
        self._settle(entry.decision.id, outcome, "program", (OF_UNDO if undoing else OF_ACT)[outcome.standing])
        return outcome

    def _settle(self, identity: str, outcome: Outcome, by: str, verdict: Verdict | None = None) -> None:
        """Write the outcome, unless another has settled the decision meanwhile."""
        settled = verdict or OF_ACT[outcome.standing]

        def work(tx: Transaction) -> tuple[Entry, datetime | None]:
            entry = ledger.by_id(tx, identity)
            current = entry.decision.verdict
            happened_after_all = current is Verdict.NOT_DONE and settled is Verdict.DONE
            news = current is not settled or (outcome.why and outcome.why != entry.decision.why)
            if (current in OPEN and news) or happened_after_all:
                ledger.change(tx, entry, settled, by, outcome)
            stands = ledger.by_id(tx, identity)
            return stands, ledger.doubted(tx, stands)

        stands, doubted = self._write(work)
        if stands.decision.verdict in OPEN:
            self.unsettled.note(stands, doubted)
        else:
            self.unsettled.forget(identity)

    def _require_free(self, identity: str) -> None:
        """Raise ``HeldBack`` for what is not to be undone yet; nothing of it enters the ledger."""
        entry = self._entry(identity)
        if entry.decision.verdict is not Verdict.DONE or not entry.decision.undoable:
            return
        effect = entry.effect()
        handler = self._handler(effect)
        if isinstance(handler, UndoHeld) and (why := handler.held(effect)):
            raise HeldBack(f"“{entry.decision.what}” cannot be undone yet: {why}")

    def _no_longer(self, entry: Entry, handler: Handler, effect: Effect) -> str:
        if entry.expires is not None and entry.expires <= self.clock.now():
            return ledger.PAST_ITS_TIME
        return handler.still_holds(effect) if isinstance(handler, Conditional) else ""

    def _entry(self, identity: str) -> Entry:
        return self._write(lambda tx: ledger.by_id(tx, identity))

    def _handler(self, effect: Effect) -> Handler:
        handler = self.handlers.get(type(effect))
        if handler is None:
            raise NoHandler(f"no handler for {effect.type_name}")
        return handler

    def _write(self, work: Work[T]) -> T:
        return self.clock.result(self.journal.write(work))
