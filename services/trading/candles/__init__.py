"""Candles: recorded ones read from Parquet, CSV and Feather files, or made of recorded trades; checked row by row."""

from services.trading.candles.bars import Bars
from services.trading.candles.candle import Candle
from services.trading.candles.checks import checked
from services.trading.candles.of_trades import bars_of
from services.trading.candles.reading import COLUMNS, read_bars, read_candles, read_trades
from services.trading.candles.spacing import Gap, Gaps, gaps_in, require_tick, require_timeframe, usual_step
from services.trading.candles.trades import Trades

__all__ = [
    "COLUMNS",
    "Bars",
    "Candle",
    "Gap",
    "Gaps",
    "Trades",
    "bars_of",
    "checked",
    "gaps_in",
    "read_bars",
    "read_candles",
    "read_trades",
    "require_tick",
    "require_timeframe",
    "usual_step",
]
