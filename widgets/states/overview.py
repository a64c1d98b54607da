"""Overview as one frozen value: everything its page shows but the log, as known at the moment of a view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.projections.views import View, steady
from services.core.rules.holding import undo_held
from services.core.rules.standings import RuleStandings, RulesValue
from services.orchestrator.history.alerts import AlertRow, NotKept
from widgets.parts.decisions.words import bounded, service_of, who, why_line
from widgets.parts.kpi.view import KpiView
from widgets.parts.text.times import clock_time, expiry
from widgets.states.charts import Chart, money_chart, second_chart
from widgets.states.marks import TimeLine, time_line
from widgets.states.process_lines import ProcessLine, process_lines
from widgets.states.tiles import tiles

MOST_NEEDS, MOST_DONE = 50, 30


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person. An ``unknown`` one can only be looked at."""

    id: str
    what: str
    detail: str
    service: str
    approve: str
    """The word on the button, or empty where there is nothing to say yes to."""
    finding: bool = False
    """It is not approved but looked at again."""
    expiry: str = ""
    of_now: bool = False
    """It is so at this moment, and goes by itself once it is mended: there is nothing to decide."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done by no person; ``more`` of the same kind by the same process are told by it."""

    id: str
    at: datetime
    what: str
    by: str
    can_undo: bool
    undo_held: str = ""
    """Why it cannot be undone yet, and what a person does first."""
    undone: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class OverviewState:
    """Overview at ``at``. Two views that know the same give equal states."""

    at: datetime
    tiles: tuple[KpiView, ...]
    processes: tuple[ProcessLine, ...]
    charts: tuple[Chart, ...]
    needs: tuple[Need, ...]
    needs_count: int
    deeds: tuple[Deed, ...]
    time: TimeLine

    @property
    def troubled(self) -> int:
        """Processes that a person may want to look at."""
        return sum(1 for line in self.processes if line.troubled)


def overview_state(view: View) -> OverviewState:
    """What Overview shows of ``view``, whether it is of now or of a past moment."""
    view = steady(view)
    decisions: DecisionsValue = view.value(Decisions)
    waiting = (*decisions.unknown, *decisions.waiting)
    alerts: tuple[AlertRow, ...] = view.value(NotKept) if view.live else ()
    needs = (*(_amiss(row, view.at) for row in alerts), *(_need(row, view.at) for row in waiting[:MOST_NEEDS]))
    return OverviewState(
        view.at,
        tiles(view),
        tuple(sorted(process_lines(view), key=lambda line: not line.troubled)),  # what wants a look is never below
        (money_chart(view), second_chart(view)),
        needs,
        len(alerts) + len(waiting),
        _deeds(decisions.without_you(), view.value(RuleStandings)),
        time_line(view),
    )


def _amiss(row: AlertRow, now: datetime) -> Need:
    """What cannot be kept: the fault first, then the way out of it."""
    what, _, mend = row.what.partition(". ")
    told = " · ".join(part for part in (f"since {clock_time(row.since, now)}", mend) if part)
    fault = bounded(f"{what[:1].upper()}{what[1:]}")
    return Need(f"{row.about}\n{row.since.isoformat()}", fault, bounded(told, 300), "", "", of_now=True)


def _need(row: DecisionRow, now: datetime) -> Need:
    if row.verdict is Verdict.UNKNOWN:
        detail, approve = row.why or "whether it happened could not be told", ""
    else:
        detail, approve = why_line(row.because), row.word
    told = " · ".join(part for part in (who(row.by), clock_time(row.at, now), detail) if part)
    end = expiry(row.expires, now) if row.verdict is Verdict.WAITING else ""
    return Need(row.id, bounded(row.what), bounded(told), service_of(row.kind), approve, row.finding, end)


def _deeds(rows: tuple[DecisionRow, ...], rules: RulesValue) -> tuple[Deed, ...]:
    """Newest first; what cannot be undone is told once for each kind and process, with how many more there are."""
    deeds: dict[str, Deed] = {}
    counts: dict[str, int] = {}
    for row in rows:
        key = row.id if row.can_undo else f"{row.kind} {row.process or row.by} {row.verdict}"
        counts[key] = counts.get(key, 0) + 1
        if key not in deeds and len(deeds) < MOST_DONE:
            deeds[key] = _deed(row, rules)
    return tuple(_with_more(deed, counts[key] - 1) for key, deed in deeds.items())


def _deed(row: DecisionRow, rules: RulesValue) -> Deed:
    undone, held = row.verdict is Verdict.UNDONE, undo_held(row, rules)
    return Deed(row.id, row.at, bounded(row.what), who(row.by), row.can_undo, held, undone)


def _with_more(deed: Deed, more: int) -> Deed:
    return replace(deed, more=more)
