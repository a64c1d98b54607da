"""What a person allows an account to risk. Money is in the account's currency, shares are parts of one."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """The guards' settings; None switches a cap off that not everybody has."""

    currency: str = "USDT"
    size: Decimal | None = None
    """Of one entry."""
    exposure: Decimal | None = None
    """Over all bots, open and unknown entries included."""
    daily_loss: Decimal | None = None
    drawdown: Decimal | None = Decimal("0.2")
    """A share of the highest marked equity."""
    capital: Decimal | None = None
    """All that the bots may use together on a live account."""
    cool_down: timedelta = timedelta(0)
    """After a losing trade, on its market."""
    stale_after: timedelta = timedelta(seconds=30)
    rejected_streak: int = 3
    collar: Decimal = Decimal("0.01")
    spread: Decimal = Decimal("0.005")
    orders_per_bot: int = 10
    orders_per_account: int = 60
    """Within a minute; what reduces exposure is not counted out."""
    open_orders: int = 20
    clock_offset: timedelta = timedelta(seconds=1)
    small_trips: int = 0
    """So many first live round trips are made at ``small_size``."""
    small_size: Decimal = Decimal(20)
    fee_rate: Decimal = Decimal("0.001")
    """What the exchange takes of a fill at most."""
    default_stop: Decimal = Decimal("0.05")
    """Below the price paid, for a position whose own stop was lost with the ledger."""
    pace: timedelta = timedelta(seconds=1)
    """Between two tries to sell what is being left, and to rest a stop that was refused."""
    day_starts: str = "UTC"
    """The zone in which a trading day begins at midnight."""
