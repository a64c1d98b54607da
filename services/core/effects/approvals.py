"""What waits for a person: approved, edited, rejected, or past its time.

Where the store was put back from a copy, what waits may have been done since that copy: before anything else becomes
of it, the outside is asked. Everything here blocks and runs in workers, never on the core or GUI thread.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.core.decisions import ledger
from services.core.decisions.decision import OPEN, Verdict
from services.core.decisions.ledger import Entry, NotWaiting
from services.core.effects import Conditional, Effect, Handler, Outcome, Standing, edited
from services.core.effects.dealings import Dealings
from services.core.effects.doubt import NOBODY_COULD_TELL, Doubt
from services.core.errors import in_words
from services.core.journal import Transaction
from services.core.process.lease import Lease

_TOO_LATE = "the edit came too late"


@dataclass(frozen=True)
class _Approved:
    entry: Entry
    by: str
    doubted: datetime | None
    edit: Effect | None
    """The act in a person's words, where those differ from the ledger's so far or replaced them just now."""


@dataclass(frozen=True)
class Approvals:
    """Carries out or ends what waits for a person."""

    dealings: Dealings

    def approve(self, identity: str, by: str = "user", changes: dict[str, Any] | None = None) -> Outcome:
        """Carry out what waits for a person, if what it rested on still holds; ``changes`` edit its fields first.

        Raises ``NoSuchDecision``, ``NotWaiting``, ``NoHandler``, or what ``edited`` raises where a change does not fit.
        """
        return self._approve(identity, by, changes, Verdict.WAITING)

    def go_on(self, entry: Entry, by: str, changes: dict[str, Any] | None = None) -> Outcome:
        """Carry out what was approved before a crash, if it certainly did not happen and what it rested on holds.

        ``changes`` that are stored already change nothing more; where it was edited, its key still is the draft's.
        """
        outcome = ledger.outcome_of(entry)
        if entry.decision.verdict in OPEN:
            effect = entry.effect()
            outcome = self.dealings.look_up_alone(entry, self.dealings.handler(effect), effect)
        if outcome.standing is not Standing.NOT_DONE:
            return outcome
        return self._approve(entry.decision.id, by, changes, Verdict.NOT_DONE)

    def reject(self, identity: str, by: str = "user", why: str = "") -> None:
        """Decline what waits for a person.

        Raises ``NoSuchDecision`` or ``NotWaiting``: also where it turns out to be done already, or may still arrive.
        """

        def begin(tx: Transaction) -> tuple[Entry, datetime | None]:
            entry = ledger.require(tx, identity, Verdict.WAITING, "rejected")
            doubted = ledger.doubted(tx, entry)
            if doubted is None:
                ledger.change(tx, entry, Verdict.REJECTED, by, Outcome(Standing.NOT_DONE, why=why))
            return entry, doubted

        entry, doubted = self.dealings.write(begin)
        if doubted is not None:
            self._reject_asked(entry, doubted, by, why)

    def expire(self, identity: str) -> None:
        """End the wait of what waited past its time, once the outside tells that it was not done before.

        Until the outside tells, it goes on waiting, and is asked about again by itself.
        """
        call = self.dealings.hand.call(looks=True)
        entry, doubted = self.dealings.write(lambda tx: _late(tx, identity))
        if entry is None or not self.dealings.hand.take_if_free(entry.decision.id, call):
            return
        try:
            verdict, outcome = self._past_its_time(entry, doubted)
            if verdict is not Verdict.WAITING:
                with suppress(NotWaiting):  # a person has decided it meanwhile
                    self._end(entry, verdict, "program", outcome, "ended")
        finally:
            self.dealings.hand.end(call)

    def _approve(self, identity: str, by: str, changes: dict[str, Any] | None, stands: Verdict) -> Outcome:
        hand = self.dealings.hand
        call = hand.call()

        def begin(tx: Transaction) -> _Approved:
            entry = ledger.require(tx, identity, stands, "approved")
            doubted = ledger.doubted(tx, entry)
            effect = entry.effect()
            _require_an_act(entry, effect)
            self.dealings.handler(effect)
            edit = edited(effect, changes) if changes else None
            # What was done before was done in the words that stand: new ones are written once it certainly was not.
            words = None if doubted else edit
            # A person stands behind it now: the end of the run that proposed it no longer withdraws it.
            ledger.change(tx, entry, Verdict.INTENDED, by, effect=words, epoch=0)
            hand.take(entry.decision.id, call)
            return _Approved(ledger.by_id(tx, entry.decision.id), by, doubted, edit)

        approved = self.dealings.write(begin)
        try:
            ended = self._met_before(approved, approved.doubted) if approved.doubted else None
            return ended or self._carry_out(approved)
        finally:
            hand.end(call)

    def _met_before(self, approved: _Approved, doubted: datetime) -> Outcome | None:
        """What ends an approval of what may have been done before; None where it certainly was not."""
        entry, edit = approved.entry, approved.edit
        doubt = Doubt(self.dealings, entry, doubted)
        before = doubt.asked()
        if before.done:
            if edit is not None:
                before = Outcome(Standing.DONE, before.details, f"{before.why}; {_TOO_LATE}")
            self.dealings.settle(entry.decision.id, before, "program")
            return before
        if before.standing is Standing.UNKNOWN:
            verb = "approve" if edit is None else "edit"
            return self._waits_on(entry, doubt.not_yet(before, verb))
        if edit is not None:
            self.dealings.write(lambda tx: ledger.change(tx, entry, Verdict.INTENDED, approved.by, effect=edit))
        return None

    def _carry_out(self, approved: _Approved) -> Outcome:
        entry, by = approved.entry, approved.by
        effect = approved.edit or entry.effect()
        handler = self.dealings.handler(effect)
        try:
            why = self._no_longer(entry, handler, effect)
        except Exception as error:
            return self._waits_on(entry, f"what it rests on cannot be checked now ({in_words(error)})")
        if why:
            outcome = Outcome(Standing.NOT_DONE, why=why)
            self.dealings.settle(entry.decision.id, outcome, by, Verdict.EXPIRED)
            return outcome
        return self.dealings.do(Lease("", 0), entry.decision.id, handler, effect, by)

    def _no_longer(self, entry: Entry, handler: Handler, effect: Effect) -> str:
        if entry.expires is not None and entry.expires <= self.dealings.clock.now():
            return ledger.PAST_ITS_TIME
        return handler.still_holds(effect) if isinstance(handler, Conditional) else ""

    def _waits_on(self, entry: Entry, told: str) -> Outcome:
        """Nothing of what was approved is begun: it is before the person again, in the words that the ledger has."""
        outcome = Outcome(Standing.NOT_DONE, why=f"it still waits: {told}")
        self.dealings.write(lambda tx: ledger.change(tx, entry, Verdict.WAITING, "program", outcome))
        return outcome

    def _past_its_time(self, entry: Entry, doubted: datetime | None) -> tuple[Verdict, Outcome]:
        expired = Outcome(Standing.NOT_DONE, why=ledger.PAST_ITS_TIME)
        if doubted is None:
            return Verdict.EXPIRED, expired
        before = Doubt(self.dealings, entry, doubted).asked()
        if before.done:
            return Verdict.DONE, before
        if before.standing is Standing.NOT_DONE:
            return Verdict.EXPIRED, expired
        if self.dealings.unsettled.note(entry, doubted):
            return Verdict.WAITING, before
        return Verdict.EXPIRED, Outcome(Standing.NOT_DONE, why=f"{expired.why}; {NOBODY_COULD_TELL}: {before.why}")

    def _reject_asked(self, entry: Entry, doubted: datetime, by: str, why: str) -> None:
        doubt = Doubt(self.dealings, entry, doubted)
        may_arrive = doubt.left() > 0  # as it is before the outside is asked
        before = doubt.asked()
        known = f"decision {entry.decision.id}"
        if before.done:
            self._end(entry, Verdict.DONE, "program", before, "rejected")
            raise NotWaiting(f"{known} is done and cannot be rejected: {before.why}")
        if before.standing is Standing.UNKNOWN:
            if may_arrive:
                raise NotWaiting(f"{known} still waits: {doubt.not_yet(before, 'reject')}")
            # An outside that does not answer must not keep a person from putting away what they do not want.
            why = "; ".join(filter(None, [why, f"{NOBODY_COULD_TELL}: {before.why}"]))
        self._end(entry, Verdict.REJECTED, by, Outcome(Standing.NOT_DONE, why=why), "rejected")

    def _end(self, entry: Entry, verdict: Verdict, by: str, outcome: Outcome, verb: str) -> None:
        """Write what became of it, if it still waits; raises ``NotWaiting``: it cannot be ``verb`` any more."""

        def work(tx: Transaction) -> None:
            ledger.change(tx, ledger.require(tx, entry.decision.id, Verdict.WAITING, verb), verdict, by, outcome)

        self.dealings.write(work)
        self.dealings.unsettled.forget(entry.decision.id)


def _late(tx: Transaction, identity: str) -> tuple[Entry | None, datetime | None]:
    entry = ledger.by_id(tx, identity)
    late = entry.expires is not None and entry.expires <= tx.at
    return (entry, ledger.doubted(tx, entry)) if late and entry.decision.verdict is Verdict.WAITING else (None, None)


def _require_an_act(entry: Entry, effect: Effect) -> None:
    if effect.finding:
        mend = "'dreamscape look-again' has it looked at again"
        raise NotWaiting(f"decision {entry.decision.id} tells of a finding, with nothing to approve; {mend}")
