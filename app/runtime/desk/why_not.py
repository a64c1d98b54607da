"""Why an action cannot be done now, in the words that stand beside it in the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wiring.plans.kind_names import trades
from services.core.process import PAUSED
from services.orchestrator.history.projections import Processes, ProcessesValue

if TYPE_CHECKING:
    from app.runtime.desk.desk import Desk


def why_not_now(desk: Desk) -> str:
    """Why nothing can be done at all but look."""
    if not desk.up:
        return "Dreamscape is still starting"
    return "a past moment is shown: Ctrl+0 goes back to now" if desk.past is not None else ""


def why_not(desk: Desk, action: str) -> str:
    """Why this one cannot be done; empty where it can."""
    if action == "back_to_now":
        return "" if desk.past is not None and desk.up else "it is now that is shown"
    if desk.actions.is_held(action):
        return why_not_now(desk)
    shown: ProcessesValue = desk.view.value(Processes)
    match action:
        case "resume_all" if not shown.count(*PAUSED):
            return "nothing is paused"
        case "pause_all" if shown.count(*PAUSED) == len(shown.rows):
            return "everything is paused" if shown.rows else "there is no process"
        case "stop_trading" if not (desk.stopping.kept or any(trades(row.name, row.service) for row in shown.rows)):
            return "nothing trades"
    page = desk.pages.get(action.partition(".")[0])
    return page.why_not(action) if page is not None else ""
