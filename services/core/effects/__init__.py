"""Effect: a decision that touches the outside; intent, act, settle, look up."""

from services.core.effects.effect import (
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
    edited,
    why_final,
)

__all__ = [
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
    "edited",
    "why_final",
]
