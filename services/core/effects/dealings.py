"""How a decision is dealt with at the outside: carried out, looked up and settled, by one call at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from services.core.clock import Clock
from services.core.decisions import ledger
from services.core.decisions.decision import OPEN, Verdict
from services.core.decisions.ledger import Entry
from services.core.effects import Effect, Handler, Outcome, Standing
from services.core.effects.inhand import InHand
from services.core.effects.outside import MAY_ARRIVE, asked, carried_out, done_since_copy
from services.core.effects.unsettled import Unsettled
from services.core.effects.verdicts import OF_ACT, OF_UNDO
from services.core.errors import in_words
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.faults import fault_point
from services.core.journal import Journal, Transaction, Work
from services.core.process.lease import Lease

T = TypeVar("T")


class NoHandler(LookupError):
    """Nobody has registered how this kind of effect is carried out."""


@dataclass
class Dealings:
    """What runs and persons alike need, to have something done outside and to know what came of it."""

    journal: Journal
    clock: Clock
    handlers: dict[type[Effect], Handler]

    def __post_init__(self) -> None:
        self.hand = InHand(self.clock)
        self.unsettled = Unsettled(self.clock, self.handlers)

    def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction; blocks until it is on disk."""
        return self.clock.result(self.journal.write(work))

    def entry(self, identity: str) -> Entry:
        """The decision as it stands; raises ``NoSuchDecision``."""
        return self.write(lambda tx: ledger.by_id(tx, identity))

    def handler(self, effect: Effect) -> Handler:
        """Who carries it out; raises ``NoHandler``."""
        handler = self.handlers.get(type(effect))
        if handler is None:
            raise NoHandler(f"no handler for {effect.type_name}")
        return handler

    def do(self, lease: Lease, identity: str, handler: Handler, effect: Effect, by: str) -> Outcome:
        """From the intent on disk to the outcome on disk. Raises ``Superseded`` before it begins, never between."""
        fault_point("act.intended")
        lease.begin(identity)
        outcome = carried_out(handler, effect)
        fault_point("act.carried_out")
        self.settle(identity, outcome, by)
        lease.finish(identity)
        return outcome

    def settle(self, identity: str, outcome: Outcome, by: str, verdict: Verdict | None = None) -> None:
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

        stands, doubted = self.write(work)
        if stands.decision.verdict in OPEN:
            self.unsettled.note(stands, doubted)
        else:
            self.unsettled.forget(identity)

    def done_before(self, doubted: datetime, handler: Handler, effect: Effect, told: str = MAY_ARRIVE) -> Outcome:
        """What the outside tells of an act that the ledger may have forgotten, if it was sent until ``doubted``.

        ``told`` is said of one that may still arrive.
        """
        return done_since_copy(handler, effect, told if self.unsettled.may_arrive(effect, doubted) > 0 else "")

    def look_up(self, entry: Entry, handler: Handler, effect: Effect) -> Outcome:
        """Ask the outside about an open act, and settle it by that; the caller has the decision in hand."""
        if entry.decision.verdict not in OPEN:  # settled since it was listed
            return ledger.outcome_of(entry)
        may_still_come = self.hand.may_still_come(entry.decision.id)  # as it is before the outside is asked
        undoing = entry.decision.verdict is Verdict.UNDOING
        doubted = self.write(lambda tx: ledger.doubted(tx, entry))
        may_arrive = self.unsettled.left(entry, doubted) > 0  # as it is before the outside is asked, too
        outcome = asked(handler, effect, "")
        if outcome.standing is Standing.NOT_DONE and may_still_come:
            outcome = Outcome(Standing.UNKNOWN, why="not done yet, but a call that was given up may still do it")
        elif outcome.standing is (Standing.DONE if undoing else Standing.NOT_DONE) and may_arrive:
            outcome = Outcome(Standing.UNKNOWN, why=entry.decision.why or MAY_ARRIVE)
        self.settle(entry.decision.id, outcome, "program", (OF_UNDO if undoing else OF_ACT)[outcome.standing])
        return outcome

    def look_up_alone(self, entry: Entry, handler: Handler, effect: Effect) -> Outcome:
        """Look up, unless another call has the decision in hand."""
        call = self.hand.call(looks=True)
        if not self.hand.take_if_free(entry.decision.id, call):
            return Outcome(Standing.UNKNOWN, why="it is in hand")
        try:
            return self.look_up(self.entry(entry.decision.id), handler, effect)
        finally:
            self.hand.end(call)

    def look_up_each(self, entries: list[Entry]) -> list[Entry]:
        """Look them up; returns those that stay unknown. What nobody can handle any more is left to a person."""
        left = []
        for entry in entries:
            try:
                effect = entry.effect()
                found = self.look_up_alone(entry, self.handler(effect), effect)
            except (UnknownMessage, MalformedMessage, NoHandler) as error:
                found = Outcome(Standing.UNKNOWN, why=in_words(error))
                undoing = entry.decision.verdict is Verdict.UNDOING
                self.settle(entry.decision.id, found, "program", Verdict.UNDOING if undoing else None)
            if found.standing is Standing.UNKNOWN:
                left.append(entry)
        return left
