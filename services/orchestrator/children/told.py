"""What a child tells of: events, effects and proposals as the program's own, out of their names and payloads."""

from dataclasses import fields
from datetime import UTC, datetime

import msgspec

from services.core.decisions.decision import Proposal
from services.core.effects import Effect
from services.core.events import Event, read_event
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.process.running import EventRefused
from services.orchestrator.children.protocol import Named, Propose


def event_of(named: Named) -> Event:
    """The event that is told; raises ``EventRefused``, with the field that does not fit, where it cannot be kept."""
    try:
        return read_event(named.name, named.payload, named.version)
    except MalformedMessage as error:
        mend = "; an event of a plug-in's own needs a name that is no other's" if _is_of_another(named) else ""
        raise EventRefused(f"{error}{mend}") from error


def _is_of_another(named: Named) -> bool:
    """Whether the name is another event's: its fields have other names. Else one value of it is to blame."""
    try:
        known = {each.name for each in fields(Event.named(named.name))}
        told = msgspec.json.decode(named.payload, type=dict)
    except (UnknownMessage, msgspec.MsgspecError):
        return False
    return set(told) != known


def effect_of(named: Named) -> Effect:
    """The effect that is told; raises ``ValueError`` for one that the program does not know."""
    try:
        return Effect.named(named.name).decode(named.payload, named.version)
    except UnknownMessage as error:
        raise ValueError(f"an effect that the program does not know: {error}") from error
    except MalformedMessage as error:
        raise ValueError(f"an effect that cannot be carried out as it is told: {error}") from error


def proposal_of(word: Propose) -> Proposal:
    """What is put before a person; raises as ``effect_of`` does."""
    expires = datetime.fromtimestamp(word.expires, UTC) if word.expires is not None else None
    return Proposal(effect_of(word.effect), word.because, word.what, expires, word.evidence)
