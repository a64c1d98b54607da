"""The bots that trade live without a stop: whoever arms the account has to know them, and whoever adds one later."""

from collections.abc import Iterable
from pathlib import Path

from app.wiring.plans.kinds import path_of
from services.core.errors import UserError
from services.core.journal import Journal
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.events import Alert, AlertOver
from services.trading.live.refusals import unprotected
from services.trading.live.trader import LiveTrader
from services.trading.strategy import load_strategy

_MATTER = "without a stop"


def tell_unprotected(journal: Journal, bot: str, lacks: bool) -> None:
    """A bot begins: that it lacks a stop is put before a person, once for as long as it is so."""
    told = f"{bot} trades without a stop: only its score leaves a position"
    journal.append(Alert(told, bot, matter=_MATTER) if lacks else AlertOver("", bot, _MATTER))


def unprotected_bots(plans: Iterable[Plan]) -> tuple[str, ...]:
    """Their names. Blocks: it reads the strategies."""
    live = (plan for plan in plans if plan.path == path_of(LiveTrader))
    return tuple(sorted(plan.name for plan in live if _lacks_a_stop(plan)))


def _lacks_a_stop(plan: Plan) -> bool:
    try:
        return bool(unprotected(load_strategy(Path(str(plan.parameters["strategy"])))))
    except UserError:  # it trades nothing, and says so itself
        return False
