"""Every projection the pages read."""

from typing import Any

from services.core.decisions.inbox import Decisions
from services.core.projections.projection import Projection
from services.core.rules.standings import RuleStandings
from services.debugger.kpis import DebuggerKpis
from services.engagement.kpis import EngagementKpis
from services.orchestrator.definitions.file_mistakes import FileMistakes
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from services.trading.kpis import TradingKpis
from services.trading.learning.comparisons import Comparisons
from services.trading.learning.standing import Challengers
from services.trading.live.tapes import ExchangeTapes
from services.trading.tape import TradingTapes

KINDS: tuple[type[Projection[Any, Any]], ...] = (
    Processes,
    RunHistory,
    Pulse,
    Decisions,
    FileMistakes,
    RuleStandings,
    TradingKpis,
    TradingTapes,
    ExchangeTapes,
    Challengers,
    Comparisons,
    EngagementKpis,
    DebuggerKpis,
)


def all_projections() -> list[Projection[Any, Any]]:
    """A fresh one of each kind."""
    return [kind() for kind in KINDS]
