"""The entry that a strategy asks the account for at a closed bar."""

from decimal import Decimal

from services.trading.desk.asking import EnterPosition
from services.trading.language.execution import Limit
from services.trading.live.decided_by import DecidedBy
from services.trading.strategy import Strategy
from services.trading.venue.live_bar import LiveBar


def entry(by: DecidedBy, bot: str, bar: LiveBar, free: Decimal, volatility: float) -> EnterPosition:
    """For at most what is ``free``; ``volatility`` is what the sizing measured, known where it measures any."""
    strategy = by.strategy
    close, limit = exact(bar.candle.close), strategy.limit or Limit()
    away = limit.offset.ticks * exact(strategy.market.tick) / close + exact(limit.offset.percent) / 100
    return EnterPosition(
        bot=bot,
        symbol=strategy.market.symbol,
        cause=bar.candle.time.isoformat(),
        capital=exact(strategy.capital),
        budget=_budget(strategy, free),
        stop=None,
        until=bar.candle.time + bar.timeframe + strategy.signal_age,
        offset=away if strategy.limit else None,
        reprice_after=limit.patience(strategy.bar).total_seconds(),
        times=limit.times,
        then=limit.then,
        stop_share=_share(strategy.stop),
        target_share=_share(strategy.target),
        trailing_share=_share(strategy.trailing),
        near=close if strategy.limit else None,
        notional=_notional(strategy, free, volatility),
        decided=bar.candle.time + bar.timeframe if strategy.limit else None,
        terms=by.to_json(),
    )


def exact(number: float) -> Decimal:
    """The number as it is written."""
    return Decimal(str(number))


def _budget(strategy: Strategy, free: Decimal) -> Decimal:
    sizing = strategy.sizing
    return min(exact(sizing.fixed), free) if sizing.fixed is not None else free * exact(sizing.share)


def _notional(strategy: Strategy, free: Decimal, volatility: float) -> Decimal | None:
    """By a target of volatility: equity * target / volatility; None where the money alone is the limit."""
    sizing = strategy.sizing.volatility
    if sizing is None or volatility <= 0:
        return None
    wanted = float(free) * (sizing.percent / 100) / volatility
    return None if wanted >= free else exact(wanted)


def _share(part: object) -> Decimal | None:
    percent = getattr(part, "percent", None)
    return exact(percent) / 100 if percent is not None else None
