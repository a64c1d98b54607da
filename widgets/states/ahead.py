"""Reading ahead: a past view reads the disk when it is first asked, and the window's thread must not wait for that."""

from __future__ import annotations

from services.core.projections.views import View
from services.orchestrator.history.projections import Processes, ProcessesValue
from widgets.states.overview import overview_state
from widgets.states.process_detail import process_detail
from widgets.states.trading.bots import trading_state


def read_ahead(view: View) -> None:
    """Ask ``view`` for everything that the pages will ask, whatever is selected there. Blocks on a past view."""
    overview_state(view)
    value: ProcessesValue = view.value(Processes)
    for row in value.rows:
        process_detail(view, row.name)
    for choice in trading_state(view, "").choices:
        trading_state(view, choice.name)
