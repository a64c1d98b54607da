"""Which of the starts that wait may go now: per-service limits, and priorities within them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Start:
    """A start that waits. The order of the fields is the order of admission."""

    priority: int
    """0 first, 9 last."""
    since: float
    """Since when it waits (monotonic seconds), so that equals go in the order of their coming."""
    name: str
    service: str
    number: int = 0
    """Tells apart the starts of one process that came at once."""


def admit(waiting: Iterable[Start], running: Mapping[str, int], limits: Mapping[str, int]) -> list[Start]:
    """The starts that may go now, first to go first. A service without a limit is not limited.

    A service that is full holds up none of the others.
    """
    taken = Counter(dict(running))
    admitted = []
    for start in sorted(waiting):
        limit = limits.get(start.service)
        if limit is None or taken[start.service] < limit:
            taken[start.service] += 1
            admitted.append(start)
    return admitted
