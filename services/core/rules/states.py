"""Where a rule can stand for a subject. For who only reads what rules came to: nothing of how they judge is loaded."""

from enum import StrEnum


class AlertState(StrEnum):
    """Where a rule stands for a subject."""

    NORMAL = "normal"
    PENDING = "pending"
    """It would fire, but not yet for long enough."""
    FIRING = "firing"
    RECOVERING = "recovering"
    """It would not fire any more, but is not cleared yet either."""
    NO_DATA = "no data"
    ERROR = "error"
    """What was observed cannot be judged as the rule wants."""


ALARMED = frozenset({AlertState.FIRING, AlertState.RECOVERING})
"""One incident, from its firing to its clearing."""
UNJUDGED = frozenset({AlertState.NO_DATA, AlertState.ERROR})
