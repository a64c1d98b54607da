"""The kinds of process a definition can name, and what their child interpreters speak of."""

from app.wiring.plans.learning_at_home import ShadowAtHome, WalkForwardAtHome
from services.core.process import Process
from services.debugger.watch import ProjectWatch
from services.engagement.runner import CampaignRunner
from services.orchestrator.scripts.script import Script
from services.trading.live.trader import LiveTrader
from services.trading.paper.live_trader import PaperTrader
from services.trading.paper.process import ReplayTrader
from services.trading.social.recorder import PostRecorder

KINDS: dict[str, type[Process]] = {
    "script": Script,
    "trading.replay": ReplayTrader,
    "trading.paper": PaperTrader,
    "trading.live": LiveTrader,
    "trading.posts": PostRecorder,
    "trading.shadow": ShadowAtHome,
    "trading.walk-forward": WalkForwardAtHome,
    "engagement.campaign": CampaignRunner,
    "debugger.project": ProjectWatch,
}

PLUGIN_SERVICE = "plugins"


def path_of(kind: type[Process]) -> str:
    """Where a class lives, as a plan says it."""
    return f"{kind.__module__}:{kind.__qualname__}"
