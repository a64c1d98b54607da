"""Event triggers: the journal is followed event by event, and how far is kept, so that no end of the program loses one.

The position is on disk together with the starts that it led to. So after ``kill -9`` an event that was committed and
not yet followed starts what it is to start, and one that was followed starts nothing twice. What fired nothing moves
the position in memory alone, but for now and then: to look at it once more finds nothing again.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.core.events import Recorded
from services.core.faults import fault_point
from services.core.journal import Journal
from services.core.store.facts import fact, keep_fact
from services.orchestrator.events import Result, RunEnded
from services.orchestrator.triggers.trigger import OnEvent, describe
from services.orchestrator.units.unit import Due, Unit

log = logging.getLogger(__name__)
KEEP_EVERY = 1_000
"""Events after which the position is kept although nothing fired: what a start has to look at once more."""
_FACT = "triggers followed to"


@dataclass
class Following:
    """Fires event triggers. On the core thread, but for ``recall`` and ``missed``."""

    journal: Journal
    units: Mapping[str, Unit]
    fire: Callable[[Unit, Due], Any]
    followed: int = 0
    """The number of the last event that was looked at."""
    _kept: int | None = None
    """The number on disk; None where no start has kept one yet."""
    _early: list[Recorded] | None = field(default_factory=list)
    """What came before it is known which processes there are; None from then on."""

    def recall(self) -> None:
        """Take in how far an earlier start came. Blocks."""
        with self.journal.store.reading.connect() as connection:
            text = fact(connection, _FACT)
        self._kept = int(text) if text and text.isdecimal() else None

    def names(self) -> frozenset[str]:
        """The names of the events that some process starts upon."""
        return frozenset(trigger.on for unit in self.units.values() for trigger in _triggers(unit))

    def missed(self, names: Collection[str], upto: int) -> list[Recorded]:
        """The events of these names that were committed up to ``upto`` and are not followed yet. Blocks."""
        if self._kept is None or not names:
            return []
        return list(self.journal.read(after=self._kept, upto=upto, names=dict.fromkeys(names, self._kept)))

    def begin(self, missed: Sequence[Recorded], upto: int, fire: Callable[[Unit, Due], Any]) -> None:
        """Follow what was missed, by ``fire``, then what came meanwhile; from now on ``take`` follows."""
        early, self._early = self._early or [], None
        self._follow([recorded for recorded in missed if not _by_an_end(recorded)], fire)
        self.followed = max(self.followed, upto)
        self.take(early)
        self.keep()

    def take(self, batch: Sequence[Recorded]) -> None:
        """Look at a committed batch."""
        if self._early is not None:
            self._early.extend(batch)
            return
        fresh = [recorded for recorded in batch if recorded.seq > self.followed]
        fired = self._follow(fresh, self.fire)
        self.followed = fresh[-1].seq if fresh else self.followed
        if fired or self.followed - (self._kept or 0) >= KEEP_EVERY:
            self.keep()

    def keep(self) -> None:
        """Keep how far it came, in one piece with what this step of the core hands over."""
        if self._early is None and self.followed != self._kept:
            self._kept, text = self.followed, str(self.followed)
            self.journal.write(lambda tx: keep_fact(tx.connection, _FACT, text))

    def _follow(self, events: Sequence[Recorded], fire: Callable[[Unit, Due], Any]) -> bool:
        """Fire what they fulfil; tells whether that was anything."""
        fired = False
        for unit in tuple(self.units.values()) if events else ():
            for trigger in _triggers(unit):
                for _ in filter(lambda each: each.source != unit.name and trigger.matches(each), events):
                    fault_point("trigger.matched")
                    fired = True
                    self._fire(unit, Due(describe(trigger)), fire)
        return fired

    def _fire(self, unit: Unit, due: Due, fire: Callable[[Unit, Due], Any]) -> None:
        try:
            fire(unit, due)
        except Exception:  # a fault of ours about one unit must not silence the triggers of all
            log.exception("%s is due (%s) and cannot be started", unit.name, due.why)


def _triggers(unit: Unit) -> list[OnEvent]:
    return [trigger for trigger in unit.plan.triggers if isinstance(trigger, OnEvent)]


def _by_an_end(recorded: Recorded) -> bool:
    """Whether it tells of a run that ended with the program alone, and goes on with it."""
    event = recorded.event
    if not isinstance(event, RunEnded):
        return False
    return event.result is Result.LOST or (
        event.result is Result.CANCELLED and event.detail.startswith("cancelled by program")
    )
