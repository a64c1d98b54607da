"""What the trading processes read: said plainly, since recorded or generated candles are never shown as live."""

from app.paths import Home
from app.settings.model import Settings
from app.wiring.files import layered
from services.core.errors import UserError
from services.trading.feed import open_feed
from services.trading.strategy import load_strategy


def describe_feeds(home: Home, settings: Settings) -> str:
    """One sentence over all strategies' feeds. Reads their files: in a worker."""
    labels: list[str] = []
    faults = 0
    for path in layered("trading", home.strategies).values():
        try:
            labels.append(open_feed(load_strategy(path), settings.trading.data).label)
        except UserError:
            faults += 1  # the process of that strategy shows the mistake itself
    told = ", ".join(dict.fromkeys(labels)) or "none"
    return told + (f"; {faults} mistaken" if faults else "")
