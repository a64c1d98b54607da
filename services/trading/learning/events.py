"""What a shadow run tells the journal. Money is in the market's quote currency."""

from datetime import datetime

from services.core.events import Event
from services.trading.learning.values import Value


class ShadowStarted(Event, name="trading.shadow.started"):
    """A challenger begins to run beside the champion, without orders."""

    strategy: str
    market: str
    label: str
    """What the candles are: ``recorded: FILE`` or ``generated``."""
    parameters: dict[str, Value]
    """The challenger's; all others are the champion's."""
    replaced: dict[str, Value]
    """What the champion has in their place."""
    capital: float
    windows: int
    deflated: float | None
    trials: int
    since: datetime
    """Its bars open after this one, the last that the challenger was chosen on."""


class ShadowTrade(Event, name="trading.shadow.trade"):
    """A trade that nobody made has ended flat."""

    strategy: str
    who: str
    """``champion`` or ``challenger``."""
    profit: float
    candle: datetime
    because: str


class ShadowLooked(Event, name="trading.shadow.looked"):
    """The run was looked at: what it has shown, and what is still missing for a promotion."""

    strategy: str
    look: int
    bars: int
    champion: float
    """Its equity; and the challenger's."""
    challenger: float
    trades: int
    """The challenger's closed ones."""
    low: float | None
    """The lower bound of the challenger's mean return above the champion's; None where there is none."""
    lacking: list[str]
    high: float | None = None
    """The upper bound."""
    deflated: float | None = None
    """The deflated Sharpe ratio of all out-of-sample bars: the walk forward's and this run's."""
    trials: int | None = None
    """Combinations tried until then; None in what earlier releases told."""


class ShadowEnded(Event, name="trading.shadow.ended"):
    """The run is over, and does not go on."""

    strategy: str
    why: str


class WalkedForward(Event, name="trading.walk_forward.ended"):
    """A walk forward is done; its figures are of the test windows put together."""

    strategy: str
    market: str
    label: str
    grid: list[str]
    windows: int
    anchored: bool
    returned: float | None
    """As a share."""
    sharpe: float | None
    deflated: float | None
    trials: int
    low: float | None
    """The lower bound of the mean return by bar above that of the strategy as it stood."""
    challenger: dict[str, Value]
    """Chosen on the newest bars."""
    until: datetime
    """The open of the last of them."""
    notes: tuple[str, ...] = ()
    """What somebody must know beside the figures: funding that is not included, plug-ins that were late."""


class SentimentCompared(Event, name="trading.sentiment.compared"):
    """A strategy was tested on its candles with its terms of posts and without them.

    The difference is of the mean return of a bar, with them less without; its bounds are None where there are none.
    """

    strategy: str
    market: str
    label: str
    bars: int
    verdict: str
    """``earns``, ``costs`` or ``noise``."""
    low: float | None
    high: float | None
    confidence: float | None
    returned: float | None
    """Without them, as a share; and its Sharpe ratio, its deepest fall as a share, and how many trades it made."""
    sharpe: float | None
    drawdown: float | None
    trades: int
