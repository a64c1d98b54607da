"""Why an order was filled, and why one that was decided was not placed."""

from enum import IntEnum

from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy


class Reason(IntEnum):
    """What asked for a fill."""

    SIGNAL = at.BY_SIGNAL
    STOP = at.BY_STOP
    TRAILING = at.BY_TRAILING
    TARGET = at.BY_TARGET
    LIQUIDATION = at.BY_LIQUIDATION
    LIMIT = at.BY_LIMIT
    TURN = at.BY_TURN

    @property
    def decided(self) -> bool:
        """Whether the terms of a closed bar asked for it, and not a price."""
        return self in (Reason.SIGNAL, Reason.LIMIT, Reason.TURN)


class Refusal(IntEnum):
    """What kept an order from being placed."""

    NOT_ONE_STEP = at.NOT_ONE_STEP
    TOO_SMALL = at.TOO_SMALL
    NO_PRICE = at.NO_PRICE
    BARS_MISSING = at.BARS_MISSING
    NO_VOLUME = at.NO_VOLUME
    NO_VOLATILITY = at.NO_VOLATILITY
    GIVEN_UP = at.GIVEN_UP
    CALLED_OFF = at.CALLED_OFF

    def told(self, strategy: Strategy, missing: int = 0) -> str:
        """In words; ``missing`` is how many bars lack before the fill."""
        market = strategy.market
        words = {
            Refusal.NOT_ONE_STEP: f"not one step of {market.step:g} can be traded",
            Refusal.TOO_SMALL: f"the notional is below the minimum {market.min_notional:g}",
            Refusal.NO_PRICE: f"slippage of {strategy.slippage.ticks:,} ticks leaves no price",
            Refusal.BARS_MISSING: f"{missing} bars are missing before the fill",
            Refusal.NO_VOLUME: "the bar had no volume for it",
            Refusal.NO_VOLATILITY: "the volatility that sizes it is not known yet",
            Refusal.GIVEN_UP: "its limit was not met in time",
            Refusal.CALLED_OFF: "the score asked for an exit before its limit was met",
        }
        return words[self]
