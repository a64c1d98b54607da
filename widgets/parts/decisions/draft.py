"""The words in a decision that a person may change before they go out. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from services.core.decisions.inbox import DecisionRow
from services.core.effects.effect import Effect, draft_fields
from services.core.events.messages import UnknownMessage

_PIECES = ("draft",)


@dataclass(frozen=True, slots=True)
class Draft:
    """`field` of the effect holds `text`; `piece` is the evidence that shows it."""

    field: str
    text: str
    piece: str


def draft_of(row: DecisionRow) -> Draft | None:
    """The draft, if the act has a field that a person may edit and the evidence shows what stands in it."""
    for field in draft_fields(row.kind):
        for piece in (field, *_PIECES):
            text = row.evidence.get(piece)
            if isinstance(text, str):
                return Draft(field, text, piece)
    return None


def limit_of(row: DecisionRow, draft: Draft) -> int | None:
    """How many characters the draft may have; None where its kind sets no limit, or nobody here knows the kind."""
    try:
        return Effect.named(row.kind).limits.get(draft.field)
    except UnknownMessage:
        return None


def unfit(row: DecisionRow, draft: Draft, text: str) -> str:
    """Why these words cannot take the draft's place; empty where they can."""
    try:
        return Effect.named(row.kind).unfit(draft.field, text)
    except UnknownMessage:
        return ""
