"""What the guards look at before an entry: everything measured, nothing asked of anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from services.trading.desk.guards.standing import Standing

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Scene:
    """An entry that is wished for, and how account and market stand. Money in the account's currency."""

    now: datetime
    bot: str
    symbol: str
    live: bool
    """Real money: not paper, and no exchange of a test's own."""
    unarmed: str
    """Why nothing may be bought on this account at all; empty where it is armed."""
    notional: Decimal | None
    """What it costs at its worst price; None where no rate tells it."""
    exposure: Decimal | None
    """Of everything held, open or unknown, without this entry; None where it cannot be valued."""
    capital: Decimal | None
    """All that the bots are given together."""
    equity: Decimal | None
    """What all that is worth now; None where it cannot be valued: then no loss could be seen."""
    free: Decimal
    """What the bot's capital leaves, in quote."""
    cost: Decimal
    """What it takes of that, in quote, fee included."""
    available: Decimal
    """What the exchange says is free of the quote currency, less what other entries of ours still need."""
    standing: Standing
    """How the account stands as a whole: its latches."""
    last: Decimal | None
    told_at: datetime | None
    """Of the latest price at which anybody traded, by the exchange's clock."""
    worst: Decimal | None
    """The price at which the book would fill the last of it; None where the book has not enough."""
    spread: Decimal | None
    """Between the best bid and the best ask, as a share of their mean."""
    offset: timedelta | None
    """The exchange's clock against ours; None where it could not be measured."""
    sent_by_bot: int
    sent_by_account: int
    """Orders of the last minute."""
    open_orders: int
    rejected: int
    """Rejections of the account's latest orders in a row."""
    unknown: int
    """Orders on the market of which nobody can tell whether they arrived."""
    missing: int
    """Orders or trades on the market that the exchange owes us."""
    reconciled: bool
    writable: bool
    """The ledger can be written."""
    lost_at: datetime | None
    """When the latest losing trade on the market ended."""
    trips: int
    """Round trips so far."""
