"""What a person is told in the corner of the window without having asked."""

from datetime import datetime

from app.runtime.desk.desk import Desk
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.words import counted, form
from services.orchestrator.history.alerts import AlertRow
from services.orchestrator.history.projections import Processes, ProcessesValue, Pulse, PulseValue
from widgets.parts.status import Status

MOST_AT_ONCE = 2
"""Alerts told one by one; what comes with them is told as a number."""


class News:
    """Looks twice a second for what is news since this start: alerts, and what came of findings. On the GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: datetime = desk.program.started.at
        self._looked: datetime = desk.program.started.at
        self._decisions = DecisionsValue()
        desk.each_frame.append(self.look)

    def look(self) -> None:
        """Tell what is new; also while the window shows a past moment, for it happens now."""
        self._tell_alerts()
        self._tell_findings()

    def _tell_findings(self) -> None:
        """A finding that was looked at again is gone, or is still there."""
        board = self._desk.program.engine.board.values
        known: DecisionsValue = board.get(Decisions.name) or self._decisions
        if known is self._decisions:
            return
        self._decisions = known
        processes: ProcessesValue = board.get(Processes.name) or ProcessesValue()
        changed = [(row.changed_at, row) for row in known.rows if row.finding and row.changed_by == "program"]
        fresh = [(at, row) for at, row in changed if at is not None and at > self._looked and row.why]
        self._looked = max((at for at, _row in fresh), default=self._looked)
        for _at, row in fresh[:MOST_AT_ONCE]:
            if processes.named(row.process):
                self._desk.tell(f"{row.what}: {row.why}", _status(row))

    def _tell_alerts(self) -> None:
        pulse: PulseValue = self._desk.program.engine.board.values.get(Pulse.name) or PulseValue()
        fresh = [alert for alert in reversed(pulse.alerts) if alert.at > self._told]
        if not fresh:
            return
        self._told = fresh[-1].at
        for alert in fresh[:MOST_AT_ONCE]:
            self._desk.tell(_words(alert), Status.WARN)
        more = len(fresh) - MOST_AT_ONCE
        if more > 0:
            where = f"the time line on Overview has {form(more, 'it', 'them')}"
            self._desk.tell(f"{counted(more, 'more alert')}; {where}", Status.WARN)


def _status(row: DecisionRow) -> Status:
    return Status.WARN if row.verdict is Verdict.WAITING else Status.OK


def _words(alert: AlertRow) -> str:
    return alert.what if alert.about in alert.what else f"{alert.about}: {alert.what}"
