"""A strategy's conventions as the row of numbers that its book trades on."""

from services.trading.size_grids import grid
from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy


def book_terms(strategy: Strategy) -> list[float]:
    """Each number of ``book_layout``'s terms."""
    market = strategy.market
    row = [0.0] * at.TERMS
    row[at.TICK_PART], row[at.TICK_SCALE] = grid(market.tick)
    row[at.STEP_PART], row[at.STEP_SCALE] = grid(market.step)
    row[at.MIN_NOTIONAL] = market.min_notional
    row[at.FEE], row[at.FEE_IN_BASE] = strategy.fee_rate, strategy.fee_in == "base"
    row[at.SLIPPAGE_TICKS], row[at.AT_CLOSE] = strategy.slippage.ticks, strategy.fill == "close"
    row[at.STOP], row[at.TRAILING] = _share(strategy.stop), _share(strategy.trailing)
    row[at.TARGET], row[at.STOP_FIRST] = _share(strategy.target), strategy.both_touched == "stop"
    row[at.COOL_DOWN] = strategy.cool_down
    row[at.FIXED], row[at.SHARE] = strategy.sizing.fixed or 0.0, strategy.sizing.share
    row[at.LIMIT_SHARE] = strategy.limit_volume.percent / 100
    row[at.VOLUME_IN_QUOTE] = strategy.volume_unit == "quote"
    row[at.MARGIN] = market.kind == "perpetual"
    row[at.FEE_IN_OTHER] = strategy.fee_in not in ("quote", "base")
    row[at.VOLATILITY_TARGET] = _share(strategy.sizing.volatility)
    if limit := strategy.limit:
        row[at.BY_LIMITS], row[at.THEN_MARKET] = True, limit.then == "market"
        row[at.OFFSET_TICKS], row[at.OFFSET_SHARE] = limit.offset.ticks, _share(limit.offset)
        row[at.REPRICE_BARS], row[at.REPRICE_TIMES] = limit.bars(strategy.bar), limit.times
    return [float(number) for number in row]


def new_book(strategy: Strategy) -> tuple[float, ...]:
    """The book with the bot's capital in cash."""
    row = [0.0] * at.BOOK
    row[at.CASH] = strategy.capital
    return tuple(row)


def _share(part: object) -> float:
    percent = getattr(part, "percent", None)
    return percent / 100 if percent is not None else 0.0
