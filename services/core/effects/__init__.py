"""Effect: a decision that touches the outside; intent, act, settle, look up."""

from services.core.effects.effect import (
    AT_ONCE,
    SETTLING,
    Conditional,
    Details,
    Effect,
    Handler,
    Outcome,
    Refused,
    Standing,
    Undoable,
    UndoHeld,
    can_undo,
    draft_fields,
    edited,
    settling,
    why_final,
)

__all__ = [
    "AT_ONCE",
    "SETTLING",
    "Conditional",
    "Details",
    "Effect",
    "Handler",
    "Outcome",
    "Refused",
    "Standing",
    "UndoHeld",
    "Undoable",
    "can_undo",
    "draft_fields",
    "edited",
    "settling",
    "why_final",
]
