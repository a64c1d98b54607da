"""The alerts that are open: one line for each matter, with the newest telling, how often, and since when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from services.core.projections.projection import Projection
from services.core.rules.events import RuleMoved
from services.core.rules.states import AlertState
from services.orchestrator.events import RUN_FAILED, Alert, AlertOver, of_rule


@dataclass(frozen=True)
class AlertRow:
    """Something a person should know of; ``at`` is when it was told last, ``since`` when it began."""

    at: datetime
    what: str
    about: str
    since: datetime
    times: int = 1
    """How often it was told from then on."""
    matter: str = ""


@dataclass
class AlertList:
    """What is told and not over, oldest first; a part of a projection's state."""

    KEPT = 50

    rows: list[AlertRow] = field(default_factory=list)
    alarmed: set[str] = field(default_factory=set)
    """The matters of rules that have fired, each with the subject: an alert may come when that is over already."""

    def tell(self, alert: Alert, at: datetime) -> None:
        """Take an alert in; it takes the place of what was told of the same matter."""
        if alert.matter.startswith(of_rule("")) and _of(alert.matter, alert.about) not in self.alarmed:
            return
        same = [row for row in self.rows if _is_same(row, alert)]
        times, since = 1 + sum(row.times for row in same), min((row.since for row in same), default=at)
        self.over(lambda row: row in same)
        self.rows.append(AlertRow(at, alert.what, alert.about, since, times, alert.matter))
        del self.rows[: -self.KEPT]

    def follow(self, moved: RuleMoved) -> None:
        """What a rule told is over with its incident, however that came: by itself, or by a person's word."""
        matter, about = of_rule(moved.rule), moved.each or moved.rule
        if moved.after == AlertState.FIRING:
            self.alarmed.add(_of(matter, about))
        elif moved.after == AlertState.NORMAL:
            self.alarmed.discard(_of(matter, about))
            self.over(lambda row: (row.matter, row.about) == (matter, about))

    def end(self, over: AlertOver) -> None:
        """It is so no more."""
        told = (over.matter or over.what, over.about)
        self.over(lambda row: (row.matter if over.matter else row.what, row.about) == told)

    def runs_well(self, process: str) -> None:
        """Its failures are over."""
        self.over(lambda row: (row.matter, row.about) == (RUN_FAILED, process))

    def over(self, is_it: Callable[[AlertRow], bool]) -> None:
        self.rows[:] = [row for row in self.rows if not is_it(row)]


def _is_same(row: AlertRow, alert: Alert) -> bool:
    return row.about == alert.about and (row.matter or row.what) == (alert.matter or alert.what)


def _of(matter: str, about: str) -> str:
    return f"{matter}\n{about}"


class NotKept(Projection[list[AlertRow], tuple[AlertRow, ...]]):
    """What cannot be kept right now: no event can tell of it, so whoever sees it publishes it, and no past has it."""

    name = "not kept"
    State = list
    handles = ()

    def value(self) -> tuple[AlertRow, ...]:
        return tuple(self.state)
