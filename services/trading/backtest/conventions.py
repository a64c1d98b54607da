"""What a backtest's money rests on, told with every result."""

from services.trading.candles import Bars
from services.trading.language.terms import MacdSpans
from services.trading.market_notes import notes_on_market
from services.trading.strategy import Strategy

Told = dict[str, str | int | float | bool | None]


def conventions_of(strategy: Strategy) -> Told:
    """Each by its key in the strategy's file; null where it is not used."""
    return {
        "market.symbol": strategy.market.symbol,
        "fill": strategy.fill,
        "slippage.ticks": strategy.slippage.ticks,
        "fee.percent": strategy.fee.percent,
        "fee_in": strategy.fee_in,
        "both_touched": strategy.both_touched,
        "limit_volume.percent": strategy.limit_volume.percent,
        "volume_unit": strategy.volume_unit,
        "max_missing": strategy.max_missing,
        "cool_down": strategy.cool_down,
        "enter": strategy.enter,
        "exit": strategy.exit_at,
        "stop.percent": strategy.stop.percent if strategy.stop else None,
        "trailing.percent": strategy.trailing.percent if strategy.trailing else None,
        "target.percent": strategy.target.percent if strategy.target else None,
        **_sizing(strategy),
        **_execution(strategy),
        "short.enter": strategy.short_enter if strategy.short else None,
        "short.exit": strategy.short_exit if strategy.short else None,
        "max_signal_age": strategy.max_signal_age or f"{strategy.signal_age.total_seconds():g}s",
        "market.kind": strategy.market.kind,
        "posts.match": ", ".join(strategy.posts.words(strategy.market.base)) if strategy.listens else None,
        "posts.sources": (", ".join(strategy.posts.sources) or "all") if strategy.listens else None,
        "posts.dead_after": strategy.posts.dead_after if strategy.listens else None,
        "social_alone": strategy.social_alone if strategy.listens else None,
        "market.tick": strategy.market.tick,
        "market.step": strategy.market.step,
        "market.min_notional": strategy.market.min_notional,
        "timeframe": strategy.timeframe,
        "capital": strategy.capital,
        **_deciding(strategy),
    }


def _deciding(strategy: Strategy) -> Told:
    """What the score is made of: every number of every term, those too that the file leaves out."""
    if not strategy.terms:
        spans = strategy.macd or MacdSpans()
        return {f"macd.{key}": value for key, value in spans.model_dump().items()}
    return {
        f"terms.{name}.{key}": value
        for name, term in strategy.terms.items()
        for key, value in term.model_dump().items()
    }


def _sizing(strategy: Strategy) -> Told:
    sizing, spread = strategy.sizing, strategy.sizing.volatility
    return {
        "sizing.percent": None if sizing.fixed or spread else sizing.share * 100,
        "sizing.fixed": sizing.fixed,
        "sizing.volatility.percent": spread.percent if spread else None,
        "sizing.volatility.over": spread.over if spread else None,
        "sizing.volatility.window": spread.window if spread else None,
    }


def _execution(strategy: Strategy) -> Told:
    limit = strategy.limit
    return {
        "execution": "limit" if limit else "market",
        "execution.limit.offset.ticks": limit.offset.ticks if limit and not limit.offset.percent else None,
        "execution.limit.offset.percent": limit.offset.percent or None if limit else None,
        "execution.limit.reprice_after": limit.reprice_after or strategy.timeframe if limit else None,
        "execution.limit.times": limit.times if limit else None,
        "execution.limit.then": limit.then if limit else None,
    }


def notes_on(strategy: Strategy, bars: Bars, warm_up: int) -> tuple[str, ...]:
    """What somebody must know beside the numbers."""
    told = []
    if len(bars) <= warm_up:
        told.append(f"the terms speak from bar {warm_up + 1:,} on, and there are {len(bars):,}: nothing was decided")
    return *told, *notes_on_market(strategy.market, bars)
