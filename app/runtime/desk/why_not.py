"""Why an action cannot be done now, in the words that stand beside it in the palette."""

from app.wiring.plans.kind_names import trades
from services.core.process import PAUSED
from services.orchestrator.history.projections import ProcessesValue


def why_nothing(*, up: bool, past: bool) -> str:
    """Why nothing can be done at all but look; empty where something can."""
    if not up:
        return "Dreamscape is still starting"
    return "a past moment is shown: Ctrl+0 goes back to now" if past else ""


def why_not(action: str, shown: ProcessesValue, *, account: bool) -> str:
    """Why one that concerns every process cannot be done; empty where it can.

    ``account`` is whether there is an exchange account to bring to rest.
    """
    match action:
        case "resume_all" if not shown.count(*PAUSED):
            return "nothing is paused"
        case "pause_all" if shown.count(*PAUSED) == len(shown.rows):
            return "everything is paused" if shown.rows else "there is no process"
        case "stop_trading" if not (account or any(trades(row.name, row.service) for row in shown.rows)):
            return "nothing trades"
    return ""
