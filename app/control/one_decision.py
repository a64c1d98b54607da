"""One decision in full, from the store: with the fields of its act, and which of them an edit can change."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from app.control.protocol import Document
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict, can_be_undone
from services.core.decisions.ledger import Entry
from services.core.effects import draft_fields
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.rules.holding import undo_held
from services.core.rules.standings import RulesValue


class DecisionFields(msgspec.Struct, forbid_unknown_fields=True):
    """Which one: its id, or the beginning of it."""

    id: str


def one_decision(connection: Connection, fields: DecisionFields, rules: RulesValue) -> Document:
    """All that the store knows of it. Raises ``NoSuchDecision``."""
    return {"decisions": [told_of(ledger.find(connection, fields.id), rules)]}


def told_of(entry: Entry, rules: RulesValue) -> Document:
    """A decision as every command tells it."""
    known = entry.decision
    told: Document = msgspec.to_builtins(known)
    held = undo_held(known, rules)
    undoable = can_be_undone(known.verdict, known.undoable) and not held
    told |= {"process": entry.process, "expires": entry.expires.isoformat() if entry.expires else None}
    return told | {"undoable": undoable, "undo_held": held, "fields": _fields(entry), "editable": _editable(entry)}


def _editable(entry: Entry) -> list[str]:
    """The fields that can be edited now."""
    return list(draft_fields(entry.decision.kind)) if entry.decision.verdict is Verdict.WAITING else []


def _fields(entry: Entry) -> Document:
    """What would be done, or was; empty where this version knows such acts no more."""
    try:
        fields: Document = msgspec.to_builtins(entry.effect())
    except (UnknownMessage, MalformedMessage):
        return {}
    return fields
