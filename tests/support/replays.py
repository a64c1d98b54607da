"""A trader on candles of its own, its host in memory, and what it told of its money."""

from pathlib import Path

from services.trading.candles import Candle
from services.trading.events import Filled
from services.trading.fills import Fill
from services.trading.generated import generate
from services.trading.paper.broker import PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from tests.support.candles import BAR
from tests.support.host import MemoryHost, told
from tests.support.strategies import strategy_text

COUNT = 400


def save(folder: Path, candles: tuple[Candle, ...], name: str = "c.csv") -> None:
    rows = [f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}" for c in candles]
    (folder / name).write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))


def trader(folder: Path, **options: object) -> ReplayTrader:
    """A trader of ``folder``'s strategy on its candles, which are made where they lack."""
    if not (folder / "s.yaml").exists():
        (folder / "s.yaml").write_text(strategy_text(data="c.csv"))
    if not (folder / "c.csv").exists():
        save(folder, generate(BAR, 1e-8, COUNT))
    return ReplayTrader(**{"strategy": str(folder / "s.yaml"), "data": str(folder), "speed": 0, **options})  # type: ignore[arg-type]


def host_at(folder: Path, end_after: int | None = None) -> MemoryHost:
    return MemoryHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")}, end_after)


def money(fills: list[Filled]) -> list[tuple[object, ...]]:
    return [(f.session, f.client_id, f.side, f.quantity, f.price, f.fee, f.candle, f.cash, f.equity) for f in fills]


def undisturbed(folder: Path) -> tuple[list[Filled], list[Fill]]:
    """What the same trader does in peace, at a broker of its own."""
    host = MemoryHost({PlaceOrder: PlaceOnPaper(folder / "peace.db")})
    host.run(trader(folder), "bot")
    return told(host, Filled), PaperBroker(folder / "peace.db").fills()
