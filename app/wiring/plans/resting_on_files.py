"""Definitions that rest on a strategy's or a campaign's file: they run by its last good version, as the file's own."""

from dataclasses import replace
from pathlib import Path

from app.paths import Home
from app.wiring.plans.kinds import path_of
from services.core.process import Process
from services.engagement.runner import CampaignRunner
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.definitions.plugin_files import digest
from services.trading.learning.shadow_process import ShadowTrader
from services.trading.learning.walk_process import WalkForwardRun
from services.trading.live.trader import LiveTrader
from services.trading.process import ReplayTrader

_TRADING = (ReplayTrader, ShadowTrader, WalkForwardRun)
_FILE_OF: dict[type[Process], str] = {**dict.fromkeys((*_TRADING, LiveTrader), "strategy"), CampaignRunner: "campaign"}
"""The parameter that names the file."""


def resting(plan: Plan, home: Home, data: Path | None) -> Plan:
    """The plan with the taken copy in the place of a file of the home, and with the candles that all strategies have.

    What the definition itself says of ``data`` holds, an empty value too.
    """
    kind = next((each for each in _FILE_OF if path_of(each) == plan.path), None)
    if kind is None:
        return plan
    parameters = dict(plan.parameters)
    if kind in (ShadowTrader, WalkForwardRun):
        parameters.setdefault("trials", str(home.trials))
    if kind in _TRADING:
        parameters.setdefault("data", str(data) if data else None)
    copy = _taken(Path(str(parameters[_FILE_OF[kind]])), home)
    if copy is None:
        return replace(plan, parameters=parameters)
    parameters[_FILE_OF[kind]] = str(copy)
    return replace(plan, parameters=parameters, version=digest(copy.read_bytes()))


def _taken(path: Path, home: Home) -> Path | None:
    """The last good version of a file of the home; None for any other file, which is read as it is."""
    if not path.is_relative_to(home.strategies):
        return None
    copy = home.taken / path.relative_to(home.root)
    return copy if copy.is_file() else None
