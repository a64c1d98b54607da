"""The act: intent on disk, epoch checked, carried out once, outcome on disk; looked up and taken back later.

Everything here blocks and runs in workers, never on the core or GUI thread.
"""

from concurrent.futures import Future
from dataclasses import dataclass

from services.core.clock import Clock
from services.core.decisions import ledger
from services.core.decisions.decision import OPEN, Proposal, Verdict
from services.core.decisions.ledger import Because, Entry, HeldBack, NewDecision, NotWaiting, Origin
from services.core.effects import Effect, Handler, Outcome, Standing, UndoHeld, can_undo, why_final
from services.core.effects.approvals import Approvals
from services.core.effects.dealings import Dealings
from services.core.effects.inhand import Call
from services.core.effects.intent import Intent, Next
from services.core.effects.outside import taken_back
from services.core.effects.verdicts import OF_ACT
from services.core.faults import fault_point
from services.core.journal import Journal, Transaction
from services.core.process.lease import Lease

LOOK_UP_PATIENCE = 30.0
"""Seconds that an act waits for a look-up of the same cause that is under way."""
_GIVEN_UP_IN_DOUBT = "the run was given up before anyone could tell whether it was done before"


@dataclass
class Acts:
    """Carries out, looks up and undoes effects, by the handlers registered in ``app/``.

    What waits for a person is carried out or ended by its ``approvals``.
    """

    journal: Journal
    clock: Clock
    handlers: dict[type[Effect], Handler]

    def __post_init__(self) -> None:
        self.dealings = Dealings(self.journal, self.clock, self.handlers)
        self.unsettled = self.dealings.unsettled
        self.approvals = Approvals(self.dealings)

    def act(self, lease: Lease, effect: Effect, because: Because, by: str = "") -> Outcome:
        """Do ``effect`` for the run that holds ``lease``: once, whatever happens. Raises ``Superseded``."""
        handler = self.dealings.handler(effect)
        origin = Origin(by or f"process:{lease.process}", lease.process, lease.epoch)
        call = self.dealings.hand.call()
        try:
            outcome = self._act(lease, effect, origin, because, handler, call)
        finally:
            self.dealings.hand.end(call)
        lease.check()
        return outcome

    def propose(self, origin: Origin, proposal: Proposal) -> str:
        """Put a decision before a person; the same key asked again gives the same id."""
        return self.clock.result(self.put(origin, proposal))

    def put(self, origin: Origin, proposal: Proposal) -> "Future[str]":
        """The same without waiting: the future gives its id once it is on disk."""
        undoable = can_undo(self.dealings.handler(proposal.effect), proposal.effect)

        def work(tx: Transaction) -> str:
            known = ledger.by_key(tx, proposal.effect.key)
            if known is not None:
                return known.decision.id
            if origin.process:
                ledger.require_epoch(tx, origin.process, origin.epoch)
            return ledger.enter(tx, NewDecision.put(proposal, origin, undoable=undoable))

        return self.journal.write(work)

    def note(self, effect: Effect, origin: Origin, because: Because, outcome: Outcome) -> str:
        """Enter something already done inside the program (a restart, a rule's note) into the ledger."""
        done = NewDecision(effect, origin, because, OF_ACT[outcome.standing], outcome=outcome)
        return self.dealings.write(lambda tx: ledger.enter(tx, done))

    def decide(self, effect: Effect, because: Because, by: str) -> Outcome:
        """Take a decision that no run stands behind (a rule, the watchdog) and carry it out."""
        return self.act(Lease("", 0), effect, because, by)

    def settle(self, identity: str, done: bool, by: str, why: str) -> None:
        """Take a person's word for what nobody else can tell; raises what ``ledger.settle`` raises."""
        self.dealings.write(lambda tx: ledger.settle(tx, identity, done, by, why, self.dealings.hand.holds))

    def undo(self, identity: str, by: str = "user") -> Outcome:
        """Take back what was done; what was rejected is put back before the person, and nothing is done outside.

        Raises ``NoSuchDecision``, ``NotWaiting`` where it cannot be undone, with why, or ``HeldBack`` where a person
        has to do something else first. What is refused stands as it stood, by whom it did.
        """
        self._require_free(identity)
        call = self.dealings.hand.call()

        def begin(tx: Transaction) -> Entry | None:
            if ledger.put_back(tx, identity, by):
                return None
            entry = ledger.require(tx, identity, Verdict.DONE, "undone")
            handler = self.dealings.handler(entry.effect())
            if not entry.decision.undoable:
                raise NotWaiting(f"“{entry.decision.what}” cannot be undone: {why_final(handler)}")
            ledger.change(tx, entry, Verdict.UNDOING, by)
            self.dealings.hand.take(entry.decision.id, call)
            return entry

        entry = self.dealings.write(begin)
        if entry is None:
            return Outcome(Standing.DONE)
        try:
            fault_point("undo.intended")
            verdict, outcome = taken_back(self.dealings.handler(entry.effect()), entry)
            fault_point("undo.carried_out")
            refused = verdict is Verdict.DONE and not outcome.done
            stood_by = entry.changed_by or entry.decision.by
            self.dealings.settle(entry.decision.id, outcome, stood_by if refused else by, verdict)
        finally:
            self.dealings.hand.end(call)
        return outcome

    def withdraw(self, lease: Lease) -> None:
        """End a lease: what it only intended is withdrawn, what it had begun is unknown until looked up.

        Unknown is also what may have been done before the store was put back from a copy: nobody may have asked yet.
        """
        begun = lease.end()
        if begun:
            self.dealings.hand.give_up(lease)

        def work(tx: Transaction) -> None:
            for entry in ledger.open_acts(tx, lease.process):
                if entry.epoch == lease.epoch and entry.decision.verdict is Verdict.INTENDED:
                    self._withdraw(tx, entry, begun=entry.decision.id in begun)
                    self.dealings.hand.drop(entry.decision.id)

        self.dealings.write(work)

    def look_up_open(self, process: str, alive: frozenset[int] = frozenset()) -> list[Entry]:
        """Ask the outside about the open acts of a process's ended runs; returns those that stay unknown.

        Done before each run begins. What nobody can handle any more stays unknown, for a person.
        """
        found = self.dealings.write(lambda tx: ledger.open_acts(tx, process))
        return self.dealings.look_up_each([entry for entry in found if entry.epoch not in alive])

    def reconcile(self) -> tuple[int, int]:
        """Ask about every open act there is, at start; returns how many were asked and how many stay unknown."""
        found = self.dealings.write(ledger.open_acts)
        return len(found), len(self.dealings.look_up_each(found))

    def look_again(self, identity: str) -> Entry:
        """Ask once more about an act that is unknown, by its id; returns it as it stands then."""
        self.dealings.look_up_each([self.dealings.entry(identity)])
        return self.dealings.entry(identity)

    def _act(
        self, lease: Lease, effect: Effect, origin: Origin, because: Because, handler: Handler, call: Call
    ) -> Outcome:
        intent = self._intend(effect, origin, because, handler, call)
        if intent.next is Next.WAIT and intent.call is not None and intent.call.ended.wait(LOOK_UP_PATIENCE):
            intent = self._intend(effect, origin, because, handler, call)
        if intent.next is Next.LOOK_UP:
            found = self.dealings.look_up(self.dealings.entry(intent.id), handler, effect)
            if found.standing is not Standing.NOT_DONE:
                return found
            intent = self._intend(effect, origin, because, handler, call)
        if intent.next is Next.CARRY_OUT:
            if intent.doubted:
                found = self.dealings.done_before(intent.doubted, handler, effect)
                if found.standing is not Standing.NOT_DONE:
                    self.dealings.settle(intent.id, found, "program")
                    return found
            return self.dealings.do(lease, intent.id, handler, effect, origin.by)
        return intent.outcome or Outcome(Standing.UNKNOWN)

    def _withdraw(self, tx: Transaction, entry: Entry, *, begun: bool) -> None:
        doubted = ledger.doubted(tx, entry)
        if begun or doubted:
            why = "the run was given up while it acted" if begun else _GIVEN_UP_IN_DOUBT
            ledger.change(tx, entry, Verdict.UNKNOWN, "watchdog", Outcome(Standing.UNKNOWN, why=why))
            self.unsettled.note(entry, doubted)
        else:
            withdrawn = Outcome(Standing.NOT_DONE, why="withdrawn before it began")
            ledger.change(tx, entry, Verdict.NOT_DONE, "watchdog", withdrawn)

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
                self.dealings.hand.take(intent.id, call)
            return intent

        return self.dealings.write(work)

    def _met_before(self, tx: Transaction, known: Entry, origin: Origin, call: Call) -> Intent:
        """The same cause again: what is known of it decides, and only what certainly did not happen is tried."""
        verdict = known.decision.verdict
        other = self.dealings.hand.other(known.decision.id, call)
        if other is not None:
            in_hand = Outcome(Standing.UNKNOWN, why="another call has it in hand")
            return Intent(Next.WAIT if other.looks else Next.KNOWN, known.decision.id, in_hand, other)
        if verdict is Verdict.NOT_DONE:
            ledger.change(tx, known, Verdict.INTENDED, origin.by, epoch=origin.epoch)
            return Intent(Next.CARRY_OUT, known.decision.id, doubted=ledger.doubted(tx, known))
        if verdict in OPEN:
            return Intent(Next.LOOK_UP, known.decision.id)
        return Intent(Next.KNOWN, known.decision.id, ledger.outcome_of(known))

    def _require_free(self, identity: str) -> None:
        """Raise ``HeldBack`` for what is not to be undone yet; nothing of it enters the ledger."""
        entry = self.dealings.entry(identity)
        if entry.decision.verdict is not Verdict.DONE or not entry.decision.undoable:
            return
        effect = entry.effect()
        handler = self.dealings.handler(effect)
        if isinstance(handler, UndoHeld) and (why := handler.held(effect)):
            raise HeldBack(f"“{entry.decision.what}” cannot be undone yet: {why}")
