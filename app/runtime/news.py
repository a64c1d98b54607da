"""What a person is told in the corner of the window without having asked."""

from datetime import datetime

from app.runtime.desk import Desk
from services.orchestrator.history.projections import AlertRow, Pulse, PulseValue
from widgets.parts.status import Status

MOST_AT_ONCE = 2
"""Alerts told one by one; what comes with them is told as a number."""


class News:
    """Looks twice a second for alerts of this start that were not told yet. On the GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: datetime = desk.program.started.at
        desk.each_frame.append(self.look)

    def look(self) -> None:
        """Tell what is new; also while the window shows a past moment, for it happens now."""
        pulse: PulseValue = self._desk.program.engine.board.values.get(Pulse.name) or PulseValue()
        fresh = [alert for alert in reversed(pulse.alerts) if alert.at > self._told]
        if not fresh:
            return
        self._told = fresh[-1].at
        for alert in fresh[:MOST_AT_ONCE]:
            self._desk.tell(_words(alert), Status.WARN)
        more = len(fresh) - MOST_AT_ONCE
        if more > 0:
            self._desk.tell(f"{more} more alerts; the time line on Overview has them", Status.WARN)


def _words(alert: AlertRow) -> str:
    return alert.what if alert.about in alert.what else f"{alert.about}: {alert.what}"
