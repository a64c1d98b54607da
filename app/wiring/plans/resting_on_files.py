"""Definitions that rest on a strategy's or a campaign's file: they run by its last good version, as the file's own."""

from dataclasses import replace
from pathlib import Path

from app.paths import Home
from app.wiring.own_files.files import layered
from app.wiring.plans.kinds import path_of
from app.wiring.plans.learning_at_home import ShadowAtHome, WalkForwardAtHome
from services.core.process import Process
from services.engagement.runner import CampaignRunner
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.definitions.plugin_files import digest
from services.trading.live.trader import LiveTrader
from services.trading.paper.process import ReplayTrader

_TRADING = (ReplayTrader, ShadowAtHome, WalkForwardAtHome)
_FILE_OF: dict[type[Process], str] = {**dict.fromkeys((*_TRADING, LiveTrader), "strategy"), CampaignRunner: "campaign"}
"""The parameter that names the file."""
_FOLDER_OF = {"strategy": "trading", "campaign": "engagement"}
"""Of the home's strategies, the folder in which it is looked for."""


def resting(plan: Plan, home: Home, data: Path | None) -> Plan:
    """The plan with the taken copy in the place of a file of the home, and with the candles that all strategies have.

    What the definition itself says of ``data`` holds, an empty value too.
    """
    kind = next((each for each in _FILE_OF if path_of(each) == plan.path), None)
    if kind is None:
        return plan
    parameters = dict(plan.parameters)
    if kind in (ShadowAtHome, WalkForwardAtHome):
        parameters = {"trials": str(home.trials), "store": str(home.store)} | parameters
    if kind in _TRADING:
        parameters.setdefault("data", str(data) if data else None)
    named = _FILE_OF[kind]
    path = _meant(str(parameters[named]), _FOLDER_OF[named], home)
    parameters[named] = str(path)
    copy = _taken(path, home)
    if copy is None:
        return replace(plan, parameters=parameters)
    parameters[named] = str(copy)
    return replace(plan, parameters=parameters, version=digest(copy.read_bytes()))


def _meant(given: str, folder: str, home: Home) -> Path:
    """The file that a definition names: by its path, or as one of the home's strategies or of the shipped ones."""
    path = Path(given).expanduser()
    if path.is_absolute():
        return path
    known = layered(folder, home.strategies)
    found = known.get(path.name) or known.get(f"{path.name}.yaml")
    if found is not None and path.parent.as_posix() in (".", folder, f"strategies/{folder}"):
        return found
    inside = home.strategies / (folder if path.parent == Path() else "") / path
    return inside if inside.is_file() or not path.exists() else path


def _taken(path: Path, home: Home) -> Path | None:
    """The last good version of a file of the home; None for any other file, which is read as it is."""
    if not path.is_relative_to(home.strategies):
        return None
    copy = home.taken / path.relative_to(home.root)
    return copy if copy.is_file() else None
