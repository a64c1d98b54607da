"""How long a paper order is on its way, and at what price it then arrives on candles."""

from dataclasses import dataclass
from datetime import timedelta

from services.core.durations import format_duration, parse_duration
from services.core.errors import UserError
from services.trading.candles import Candle
from services.trading.strategy import Strategy


@dataclass(frozen=True)
class Latency:
    """``time`` from the decision to the exchange, on bars of length ``bar``.

    On live bars it is waited. On candles nobody knows the price within a bar, so it is taken against us: as much of the
    way from the open to the bar's worst price as the latency is of the bar. Without one it is the open, as a backtest
    has it.
    """

    time: timedelta = timedelta(0)
    bar: timedelta = timedelta(minutes=1)
    said: str = ""
    """As it was written."""

    def quote(self, candle: Candle, side: float) -> float:
        """What an order that was sent at the candle's open meets; ``side`` 1 buys, -1 sells."""
        if not self.time or side == 0.0:
            return candle.open
        worst = candle.high if side > 0 else candle.low
        return candle.open + (worst - candle.open) * (self.time / self.bar)

    @property
    def told(self) -> str:
        """By what a fill's price was found; nothing where the bar alone says it."""
        return f"latency of {format_duration(self.time)}" if self.time else ""

    @property
    def versions(self) -> tuple[str, ...]:
        """What a session's version names beside its strategy and its candles."""
        return (self.said,) if self.said else ()


def latency_of(said: str | None, strategy: Strategy) -> Latency:
    """Raises ``UserError`` for what is no time, and for one that is no part of a bar."""
    mend = "Write a time such as 250ms or 2s, or leave latency out"
    if not said:
        return Latency(bar=strategy.bar)
    try:
        time = parse_duration(said)
    except ValueError as error:
        raise UserError(f"latency: {error}", "trading process", mend) from error
    if not timedelta(0) <= time < strategy.bar:
        what = f"latency is {said}, and a bar is {strategy.timeframe}: an order arrives within the next bar"
        raise UserError(what, "trading process", mend)
    if time and strategy.fill == "close":
        raise UserError("latency and fill: close exclude each other", strategy.name, "Write fill: next_open")
    return Latency(time, strategy.bar, said)
