"""Whether an act that tells the house something has told it: what it tells is in the journal under the act's key."""

from datetime import timedelta

from app.engine import Engine
from services.core.commands import CommandGiven
from services.core.decisions import ledger
from services.core.effects import Effect, Outcome, Standing
from services.orchestrator.events import Alert

_ENDED = "the program ended before it was done"


def command_of(engine: Engine, effect: Effect) -> Outcome:
    """Whether a command was given for this very act: it is on disk together with what it moved. Blocks."""
    told = engine.journal.read(names={CommandGiven.type_name: _before(engine, effect)})
    given = (each.event for each in told if isinstance(each.event, CommandGiven))
    return _outcome(any(event.fields.get("cause") == effect.key for event in given))


def alert_of(engine: Engine, effect: Effect) -> Outcome:
    """Whether an alert was told for this very act. Blocks."""
    told = engine.journal.read(names={Alert.type_name: _before(engine, effect)})
    return _outcome(any(isinstance(each.event, Alert) and each.event.cause == effect.key for each in told))


def _before(engine: Engine, effect: Effect) -> int:
    """The last event before the act was decided, or put before a person."""
    journal = engine.journal
    entry = engine.clock.result(journal.write(lambda tx: ledger.by_key(tx, effect.key)))
    return journal.seq_at(entry.decision.at - timedelta(microseconds=1)) if entry else 0


def _outcome(done: bool) -> Outcome:
    return Outcome(Standing.DONE) if done else Outcome(Standing.NOT_DONE, why=_ENDED)
