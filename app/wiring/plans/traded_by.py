"""Which process trades a strategy on paper: by what its file says of its candles, and by the plug-ins it needs."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from app.paths import Home
from app.wiring.own_files.plugins import Plugins
from app.wiring.plans.kinds import path_of
from app.wiring.plans.learning_at_home import ShadowAtHome, WalkForwardAtHome
from services.core.errors import UserError
from services.core.process import Process
from services.orchestrator.definitions.plan import Plan
from services.trading.learning.shadow_live import LiveShadowTrader
from services.trading.live.trader import LiveTrader
from services.trading.paper.live_trader import PaperTrader
from services.trading.paper.process import ReplayTrader
from services.trading.plugins.series import plugin_files
from services.trading.strategy import load_strategy

_LIVE: dict[str, tuple[type[Process], frozenset[str]]] = {
    path_of(ReplayTrader): (PaperTrader, frozenset({"strategy", "capital", "latency"})),
    path_of(ShadowAtHome): (LiveShadowTrader, frozenset()),
}
"""Who stands in for whom on live bars, and which parameters it takes over; all of them where none is named."""
_ASKS_HERE = (path_of(PaperTrader), path_of(LiveShadowTrader))
"""Who runs in this process, and asks the ledger about its plug-ins."""
_WITH_TERMS = (path_of(ReplayTrader), path_of(WalkForwardAtHome), path_of(ShadowAtHome), *_ASKS_HERE)


def traded_by(plan: Plan, path: Path, home: Home, plugins: Plugins) -> Plan:
    """The plan of a strategy's process, as its file at ``path`` wants it: one with ``data: live`` is traded on live
    bars, and one with terms of plug-ins waits until each may run; what was not asked yet is asked."""
    if plan.path not in (*_LIVE, *_WITH_TERMS):
        return plan
    try:
        strategy = load_strategy(path)
    except UserError:  # a version that an older program took; the process tells its mistake itself
        return plan
    if strategy.live and plan.path in _LIVE:
        plan = _on_live_bars(plan)
    if plan.path == path_of(PaperTrader):
        plan = replace(plan, parameters={**plan.parameters, "data": str(home.live_bars)})
    return _with_terms(plan, plugin_files(strategy), home, plugins) if plan.path in _WITH_TERMS else plan


def for_the_account_alone(plans: Collection[Plan]) -> set[str]:
    """The names of the replays that are none: of strategies that a process trades at the exchange, and whose files say
    nothing of candles. On generated ones they would be shown beside the bot as if they told of it."""
    bound = {plan.parameters.get("strategy") for plan in plans if plan.path == path_of(LiveTrader)}
    of_bound = (plan for plan in plans if plan.path == path_of(ReplayTrader) and plan.parameters["strategy"] in bound)
    return {plan.name for plan in of_bound if _says_nothing_of_candles(Path(str(plan.parameters["strategy"])))}


def _says_nothing_of_candles(path: Path) -> bool:
    try:
        return "data" not in load_strategy(path).model_fields_set
    except UserError:  # its process tells the mistake itself
        return False


def _on_live_bars(plan: Plan) -> Plan:
    kind, taken = _LIVE[plan.path]
    parameters = {name: value for name, value in plan.parameters.items() if not taken or name in taken}
    return replace(
        plan,
        path=path_of(kind),
        isolation=kind.isolation,
        heartbeat=max(plan.heartbeat, kind.heartbeat),
        goes_on=kind.goes_on,
        parameters=parameters,
    )


def _with_terms(plan: Plan, files: tuple[str, ...], home: Home, plugins: Plugins) -> Plan:
    approved: dict[str, str] = {}
    for file in files:
        permission = plugins.permission(file)
        if permission.fault or permission.awaits:
            return replace(plan, fault=permission.fault, awaits=permission.awaits)
        approved[file] = permission.version
    if not files or plan.path in _ASKS_HERE:
        return plan
    told = {"plugins": str(home.plugins), "approved": approved, "cache": str(home.terms)}
    return replace(plan, parameters=plan.parameters | told)
