"""Ten bars to be reckoned with by hand, and a strategy whose score is 1 at bar 2 and -1 at bar 6.

The score is a volume three times the usual, with the sign of its bar. Ticks of 0.01, steps of 0.001. A capital of
1,030.11 pays ten coins at 103.01, bar 3's open a tick against us: 0.01 is left.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from services.core.yamlfile import parse_model
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle
from services.trading.results import BacktestResult
from services.trading.strategy import Strategy

BAR = timedelta(minutes=5)
START = datetime(2026, 1, 1, tzinfo=UTC)
TEN = (
    (100, 100, 100, 100, 100),
    (100, 100, 100, 100, 100),
    (100, 102, 100, 102, 300),  # enter
    (103, 104, 101, 103, 100),
    (103, 108, 102, 107, 100),
    (107, 109, 105, 106, 100),
    (106, 106, 99, 100, 300),  # leave
    (100, 101, 98, 99, 100),
    (99, 100, 97, 98, 100),
    (98, 99, 96, 97, 100),
)
PLAIN: dict[str, Any] = {
    "name": "ten-bars",
    "market": {"symbol": "ETH/USD", "tick": 0.01, "step": 0.001},
    "timeframe": "5m",
    "data": "c.csv",
    "terms": {"volume": {"kind": "volume", "window": 2}},
    "capital": 1030.11,
    "fee": {"percent": 0},
}
PERPETUAL = {"market": {**PLAIN["market"], "kind": "perpetual"}, "short": {}}
BUY, SELL = "buy", "sell"


def strategy(**changes: Any) -> Strategy:
    return parse_model(yaml.safe_dump({**PLAIN, **changes}), Strategy, "s.yaml")


def candles(later: timedelta = timedelta(0), **bars: tuple[float, ...]) -> list[Candle]:
    """The ten bars with others in their places (``b5=...``), from the fourth on ``later``."""
    rows = [bars.get(f"b{index}", row) for index, row in enumerate(TEN)]
    times = [START + index * BAR + (later if index > 2 else timedelta(0)) for index in range(len(rows))]
    return [Candle(time, *map(float, row)) for time, row in zip(times, rows, strict=True)]


def backtested(given: list[Candle], **changes: Any) -> BacktestResult:
    return Backtest(strategy(**changes)).run(Bars.of(given), "by hand")


def fills_of(result: BacktestResult) -> list[tuple[int, str, float, float]]:
    return [(fill.bar, str(fill.side), fill.quantity, fill.price) for fill in result.fills]
