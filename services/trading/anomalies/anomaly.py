"""One anomaly."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is unusual."""

    JUMP = "jump"
    VOLUME = "volume burst"
    REGIME = "volatility regime"
    DIVERGENCE = "sentiment divergence"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """``value`` has passed ``limit``, both in the unit of its method; ``up`` says which way it goes."""

    kind: Kind
    value: float
    limit: float
    up: bool
    what: str
    """In words, such as: price jumped up."""
