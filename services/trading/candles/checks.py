"""What a row of candles or of trades must be; a row that is not is told by its number (1 = the first below any header).

No row is mended or left out: a backtest on quietly repaired candles would not be the file's.
"""

from array import array
from collections.abc import Iterable
from math import inf, isfinite
from pathlib import Path

from services.core.errors import UserError
from services.core.words import number_text
from services.trading.candles.bars import Bars
from services.trading.candles.moments import EARLIEST, LATEST, NO_TIME, moment_text
from services.trading.candles.trades import Trades

TOLD = 5
"""Bad rows that are told one by one; the rest are counted."""


def checked(bars: Bars, where: Path | str) -> Bars:
    """The same bars; raises one ``UserError`` when a row is out of order, doubled, incomplete or impossible."""
    faults: list[str] = []
    latest = NO_TIME
    columns = zip(bars.times, bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes, strict=True)
    for number, (time, open_, high, low, close, volume) in enumerate(columns, 1):
        # A NaN makes any comparison false, so a row that passes this line has no fault.
        sound = 0 < low <= open_ <= high < inf and low <= close <= high and 0 <= volume < inf
        if sound and latest < time <= LATEST and time >= EARLIEST:
            latest = time
        else:
            why = _time_fault(time, latest, twice=False) or _candle_fault(open_, high, low, close, volume)
            faults.append(f"row {number}: {why}")
    _refuse(faults, where)
    if not bars:
        raise UserError("it holds no candle", str(where), "Name a file with candles")
    return bars


def checked_trades(trades: Trades, where: Path | str) -> Trades:
    """The same trades; raises as ``checked``. Several trades may share a moment."""
    faults: list[str] = []
    latest = NO_TIME
    for number, (time, price, amount) in enumerate(zip(trades.times, trades.prices, trades.amounts, strict=True), 1):
        why = _time_fault(time, latest, twice=True) or _price_fault("price", price) or _price_fault("amount", amount)
        if why:
            faults.append(f"row {number}: {why}")
        else:
            latest = time
    _refuse(faults, where)
    if not trades:
        raise UserError("it holds no trade", str(where), "Name a file with trades")
    return trades


def checked_funding(rates: "array[float]", where: Path | str) -> "array[float]":
    """The same rates; raises as ``checked`` where one is no share of a notional."""
    faults = (number for number, rate in enumerate(rates, 1) if not -1 < rate < 1)
    _refuse([f"row {number}: funding_rate is no number between -1 and 1" for number in faults], where)
    return rates


def _refuse(faults: list[str], where: Path | str) -> None:
    if faults:
        rest = f"; and {len(faults) - TOLD:,} more" if len(faults) > TOLD else ""
        mend = "Mend or remove these rows (row 1 is the first below any header), or name another file"
        raise UserError("; ".join(faults[:TOLD]) + rest, str(where), mend)


def _time_fault(time: int, latest: int, *, twice: bool) -> str:
    if time == NO_TIME:
        return "no timestamp"
    if not EARLIEST <= time <= LATEST:
        return "its timestamp is beyond the years 1 to 9999"
    if time == latest and not twice:
        return f"{moment_text(time)} stands there twice"
    return f"{moment_text(time)} comes after {moment_text(latest)}" if time < latest else ""


def _candle_fault(open_: float, high: float, low: float, close: float, volume: float) -> str:
    named = (("open", open_), ("high", high), ("low", low), ("close", close))
    return (
        _first(_price_fault(name, price) for name, price in named)
        or ("" if isfinite(volume) and volume >= 0 else "volume is no number of 0 or more")
        or (f"high {number_text(high, 8)} is below low {number_text(low, 8)}" if high < low else "")
        or _first(_outside(name, price, low, high) for name, price in (("open", open_), ("close", close)))
    )


def _price_fault(name: str, price: float) -> str:
    if not isfinite(price):
        return f"{name} is no number"
    return f"{name} is {number_text(price, 8)}, not above 0" if price <= 0 else ""


def _outside(name: str, price: float, low: float, high: float) -> str:
    if low <= price <= high:
        return ""
    return f"{name} {_full(price)} lies outside low {_full(low)} to high {_full(high)}"


def _full(price: float) -> str:
    """Every digit: what is outside by a rounding error must not look as if it were inside."""
    return number_text(price, 17)


def _first(faults: Iterable[str]) -> str:
    return next((fault for fault in faults if fault), "")
