"""What the trading processes read: said plainly, since recorded or generated candles are never shown as live."""

from collections.abc import Iterable
from pathlib import Path

from app.paths import Home
from app.settings.model import Settings
from app.wiring.live_markets import live_name
from app.wiring.own_files.files import layered
from app.wiring.plans.kinds import path_of
from app.wiring.plans.plans import data_folder
from services.core.errors import UserError
from services.orchestrator.definitions.plan import Plan
from services.trading.feed import label_of, live_label
from services.trading.live.trader import LiveTrader
from services.trading.paper.broker import PaperBroker
from services.trading.strategy import load_strategy


def fault_of_paper(home: Home) -> UserError | None:
    """Why orders on paper are refused, where the account's file cannot be used."""
    try:
        PaperBroker(home.paper).check()
    except UserError as fault:
        return fault
    return None


def describe_feeds(home: Home, settings: Settings, plans: Iterable[Plan] = ()) -> str:
    """One sentence over all strategies' feeds; one that ``plans`` trade at the exchange alone reads its live bars,
    whatever its file names for backtests. Reads the strategies' files, not the candles: in a worker."""
    labels: list[str] = []
    live, exchange = _only_live(plans), live_name(settings.trading)
    folder = data_folder(home, settings)
    faults = 0
    for path in layered("trading", home.strategies).values():
        try:
            strategy = load_strategy(path)
            labels.append(live_label(exchange) if path in live and exchange else label_of(strategy, folder, exchange))
        except UserError:
            faults += 1  # the process of that strategy shows the mistake itself
    told = ", ".join(dict.fromkeys(labels)) or "none"
    return told + (f"; {faults} mistaken" if faults else "")


def _only_live(plans: Iterable[Plan]) -> set[Path]:
    """The strategies that are traded at the exchange, and neither replayed nor traded on paper."""
    read: dict[Path, set[str]] = {}
    for plan in plans:
        if "strategy" in plan.parameters:
            read.setdefault(Path(str(plan.parameters["strategy"])), set()).add(plan.path)
    return {strategy for strategy, paths in read.items() if paths == {path_of(LiveTrader)}}
