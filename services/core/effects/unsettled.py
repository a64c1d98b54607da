"""Acts of which nobody knows what came of them, and when the outside is asked about each again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.core.clock import Clock
from services.core.decisions.ledger import Entry
from services.core.effects import Effect, Handler, settling
from services.core.events.messages import MalformedMessage, UnknownMessage

FIRST = 60.0
LONGEST = 3600.0
"""Seconds between two questions about an act on which the outside gives no answer: doubled up to this."""
_MARGIN = 1.0
"""Seconds after the settling time: a timer may be early by the resolution of its clock."""


@dataclass(frozen=True)
class _Next:
    at: float
    pause: float
    settling: bool


@dataclass
class Unsettled:
    """When each unknown act is next asked about. Used from many threads; each step is one operation on a dictionary."""

    clock: Clock
    handlers: Mapping[type[Effect], Handler]
    _next: dict[str, _Next] = field(default_factory=dict)

    def note(self, entry: Entry, doubted: datetime | None = None) -> bool:
        """It is unknown: ask again when it has settled. False for what nobody here handles: it is left to a person."""
        try:
            left = self.left(entry, doubted)
        except (UnknownMessage, MalformedMessage, KeyError):
            return False
        if left > 0:
            self._next[entry.decision.id] = _Next(self.clock.monotonic() + left + _MARGIN, FIRST, settling=True)
        else:
            self._next.setdefault(entry.decision.id, _Next(self.clock.monotonic() + FIRST, FIRST, settling=False))
        return True

    def left(self, entry: Entry, doubted: datetime | None = None) -> float:
        """For how many seconds more what was sent may still arrive.

        It may have been sent until it came to stand so, or until ``doubted``, as the ledger tells of it.
        """
        effect = entry.effect()
        return self.may_arrive(effect, max(entry.since, doubted or entry.since))

    def may_arrive(self, effect: Effect, sent: datetime) -> float:
        """For how many seconds more that may still arrive which was sent at a moment, at the latest."""
        over = sent + settling(self.handlers[type(effect)], effect)
        return max(0.0, (over - self.clock.now()).total_seconds())

    def knows(self, identity: str) -> bool:
        """Whether it is asked about again by itself."""
        return identity in self._next

    def forget(self, identity: str) -> None:
        """Its outcome is known."""
        self._next.pop(identity, None)

    def settles(self, identity: str) -> bool:
        """Whether time alone will tell what came of it."""
        found = self._next.get(identity)
        return found is not None and found.settling

    def due(self) -> list[str]:
        """The acts that are to be asked about now; each is due again later, if that brings nothing."""
        now = self.clock.monotonic()
        found = [(identity, each) for identity, each in tuple(self._next.items()) if each.at <= now]
        for identity, each in found:
            self._next[identity] = _Next(now + each.pause, min(LONGEST, each.pause * 2), settling=False)
        return [identity for identity, _ in found]
