"""What a trading process tells the journal. Each money figure is in the market's quote currency."""

from datetime import datetime

from services.core.events import Event
from services.trading.fills import Side


class SessionStarted(Event, name="trading.session.started"):
    """One pass over the candles begins. ``label`` says what they are: ``recorded: FILE``, ``generated`` or
    ``live: EXCHANGE``, where ``candles`` is 0 and ``first`` and ``last`` are the latest bar from before."""

    strategy: str
    version: str
    session: int
    market: str
    timeframe: str
    label: str
    because: str
    """Why the candles are generated, or empty."""
    candles: int
    first: datetime
    last: datetime
    capital: float
    fill: str
    fee_rate: float
    slippage: float
    notes: tuple[str, ...] = ()
    """What somebody must know beside its money: funding that is not included, opens between ticks."""


class LiveBegan(Event, name="trading.live.began"):
    """A bot begins to read the bars of a market that it trades at the exchange, with ``last`` the latest from before.
    What is traded then, the account tells. ``label`` is ``live: EXCHANGE``."""

    strategy: str
    version: str
    """By which the bars that it reads are kept."""
    market: str
    timeframe: str
    label: str
    last: datetime
    capital: float
    fill: str
    fee_rate: float


class Filled(Event, name="trading.filled"):
    """An order was filled; the account stands as told after it, marked at the fill's price."""

    session: int
    market: str
    label: str
    client_id: str
    side: Side
    quantity: float
    price: float
    fee: float
    candle: datetime
    """Open time of the bar that decided."""
    cash: float
    held: float
    equity: float
    pnl_percent: float
    trades: int
    priced: str = ""
    """By what the price was found, where the bar alone does not say it: the order book, slippage, or a latency."""


class OrderDeclined(Event, name="trading.order.declined"):
    """A signal that became no trade, and why."""

    session: int
    market: str
    side: Side
    candle: datetime
    why: str


class SessionEnded(Event, name="trading.session.ended"):
    """The pass is over; coins still held are marked at the last close, without an exit fee."""

    session: int
    why: str
    candles: int
    equity: float
    pnl_percent: float
    trades: int
    fills: int
    fees: float
    last_price: float
