"""What a fill costs, and how much an amount of money buys."""

from services.trading.steps.compiled import step
from services.trading.steps.grids import at, whole


@step
def cost(quantity: float, price: float, rate: float) -> float:
    """What a purchase takes of the cash, with a fee of ``rate`` of its notional."""
    notional = quantity * price
    return notional + notional * rate


@step
def affordable(budget: float, price: float, rate: float, part: float, scale: float) -> float:
    """The most steps that the budget pays, fee included: budget / (price (1 + rate)), floored."""
    steps = max(whole(budget / (price * (1.0 + rate)), part, scale), 0.0)
    # Counting steps forgives a rounding error; the account does not, so a step that cannot be paid is given up.
    while steps > 0.0 and cost(at(steps, part, scale), price, rate) > budget:
        steps -= max(1.0, steps * 2.0**-50)  # beyond a float's 53 bits one step alone would change nothing
    return steps
