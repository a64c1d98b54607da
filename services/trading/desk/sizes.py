"""Which quantities and prices an exchange takes: whole steps, whole ticks, and minima that the way out has to meet."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from services.trading.fills import Side
from services.trading.venue.told import MarketRules

ZERO = Decimal(0)


def floored(quantity: Decimal, step: Decimal) -> Decimal:
    """``quantity`` floored to whole steps."""
    return (quantity / step).to_integral_value(ROUND_FLOOR) * step if step > 0 else quantity


def price_within(price: Decimal, tick: Decimal, side: Side) -> Decimal:
    """The nearest price on the grid that is no worse for us: a buy's is floored, a sale's is raised."""
    if tick <= 0:
        return price
    way = ROUND_FLOOR if side is Side.BUY else ROUND_CEILING
    return (price / tick).to_integral_value(way) * tick


def nearest(price: Decimal, tick: Decimal) -> Decimal:
    """The price on the grid that is nearest, half a tick upwards: where a backtest puts its stops."""
    return (price / tick).to_integral_value(ROUND_HALF_UP) * tick if tick > 0 else price


def collar_price(last: Decimal, collar: Decimal, rules: MarketRules, side: Side) -> Decimal:
    """The worst price at which we trade at once: ``collar`` (0.01 is 1 %) from the last, on the grid, never beyond."""
    return price_within(last * (1 + collar if side is Side.BUY else 1 - collar), rules.tick, side)


def affordable(budget: Decimal, price: Decimal, fee_rate: Decimal, rules: MarketRules) -> Decimal:
    """The most whole steps that ``budget`` pays, fee included."""
    return floored(budget / (price * (1 + fee_rate)), rules.step)


def too_small(quantity: Decimal, price: Decimal, rules: MarketRules) -> str:
    """Why the exchange would not take an order of this size; empty where it would."""
    if quantity <= 0 or quantity < rules.min_quantity:
        return f"{quantity} is below the smallest quantity of {rules.symbol}, {rules.min_quantity}"
    if quantity * price < rules.min_notional:
        return f"{quantity * price} {rules.quote} is below the smallest order of {rules.symbol}, {rules.min_notional}"
    return ""


def entry_too_small(
    quantity: Decimal, price: Decimal, stop: Decimal | None, fee_rate: Decimal, rules: MarketRules
) -> str:
    """Why an entry would not do, or could not be left again: after a fee in base, at its stop."""
    if why := too_small(quantity, price, rules):
        return why
    kept = floored(quantity * (1 - fee_rate), rules.step)
    if why := too_small(kept, stop or price, rules):
        return f"its exit would be too small: {why}"
    return ""


def is_dust(quantity: Decimal, price: Decimal, rules: MarketRules) -> bool:
    """Whether what is held is too little to be sold."""
    return bool(too_small(floored(quantity, rules.step), price, rules))
