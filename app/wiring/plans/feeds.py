"""What the trading processes read: said plainly, since recorded or generated candles are never shown as live."""

from app.paths import Home
from app.settings.model import Settings
from app.wiring.live_markets import live_name
from app.wiring.own_files.files import layered
from app.wiring.plans.plans import data_folder
from services.core.errors import UserError
from services.trading.feed import label_of
from services.trading.paper.broker import PaperBroker
from services.trading.strategy import load_strategy


def fault_of_paper(home: Home) -> UserError | None:
    """Why orders on paper are refused, where the account's file cannot be used."""
    try:
        PaperBroker(home.paper).check()
    except UserError as fault:
        return fault
    return None


def describe_feeds(home: Home, settings: Settings) -> str:
    """One sentence over all strategies' feeds. Reads the strategies' files, not the candles: in a worker."""
    labels: list[str] = []
    folder = data_folder(home, settings)
    faults = 0
    for path in layered("trading", home.strategies).values():
        try:
            labels.append(label_of(load_strategy(path), folder, live_name(settings.trading)))
        except UserError:
            faults += 1  # the process of that strategy shows the mistake itself
    told = ", ".join(dict.fromkeys(labels)) or "none"
    return told + (f"; {faults} mistaken" if faults else "")
