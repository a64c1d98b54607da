"""The outside, spoken to through a handler: whatever that raises becomes an outcome."""

import logging

from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import Entry
from services.core.effects import Effect, Handler, Outcome, Refused, Standing, Undoable, settling
from services.core.effects.verdicts import OF_UNDO
from services.core.errors import in_words

log = logging.getLogger(__name__)
NOT_YET_THERE = "it is not there yet, but may still arrive"
MAY_ARRIVE = f"{NOT_YET_THERE}; it is asked about again"
_DONE_SINCE = "done after the copy was made from which the store was put back"


def carried_out(handler: Handler, effect: Effect) -> Outcome:
    """Do it; an exception after the intent means UNKNOWN, and what is unknown is looked up, never retried."""
    try:
        return Outcome(Standing.DONE, handler.carry_out(effect))
    except Refused as refusal:
        return Outcome(Standing.NOT_DONE, why=str(refusal))
    except Exception as error:
        log.warning("%s: outcome unknown after %s", effect.what, in_words(error))
        told = in_words(error)
        found = asked(handler, effect, told)
        return _doubted(handler, effect, found, Standing.NOT_DONE, told)


def asked(handler: Handler, effect: Effect, why: str) -> Outcome:
    """Look it up; ``why`` is what is known already, and an outside that does not answer leaves it UNKNOWN."""
    try:
        found = handler.look_up(effect)
    except Exception as error:
        log.warning("%s: cannot be looked up now: %s", effect.what, in_words(error))
        return Outcome(Standing.UNKNOWN, why=why or in_words(error))
    return Outcome(found.standing, found.details, found.why or why)


def done_since_copy(handler: Handler, effect: Effect, may_arrive: str) -> Outcome:
    """Look up what may have been done after the copy was made from which the store was put back.

    ``may_arrive`` says that of what is not there; empty where nothing from before can arrive any more.
    """
    found = asked(handler, effect, "")
    if found.done:
        return Outcome(found.standing, found.details, _DONE_SINCE)
    if found.standing is Standing.NOT_DONE and may_arrive:
        return Outcome(Standing.UNKNOWN, why=may_arrive)
    return found


def taken_back(handler: Handler, entry: Entry) -> tuple[Verdict, Outcome]:
    """Undo it; a refusal leaves it done, and what is unknown is looked up."""
    assert isinstance(handler, Undoable)
    try:
        details = handler.undo(entry.effect(), entry.decision.outcome)
    except Refused as refusal:
        return Verdict.DONE, Outcome(Standing.NOT_DONE, why=f"not undone: {refusal}")
    except Exception as error:
        log.warning("undo of %s: outcome unknown: %s", entry.decision.what, error)
        told = f"undo: {in_words(error)}"
        outcome = _doubted(handler, entry.effect(), asked(handler, entry.effect(), told), Standing.DONE, told)
        return OF_UNDO[outcome.standing], outcome
    return Verdict.UNDONE, Outcome(Standing.DONE, details)


def _doubted(handler: Handler, effect: Effect, found: Outcome, before: Standing, told: str) -> Outcome:
    """What stands as ``before`` may only not have changed yet: what was sent and given up may still arrive."""
    if found.standing is before and settling(handler, effect):
        return Outcome(Standing.UNKNOWN, why=told)
    return found
