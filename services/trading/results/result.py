"""What a backtest leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.trading.candles import Gaps
from services.trading.candles.moments import moment
from services.trading.statistics import EquityCurve, Statistics, Traded, measured


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """One pass of one strategy over one file; equal inputs leave equal results.

    Raises ``ValueError`` for a pass over no bar, and for a fill after the last.
    """

    strategy: str
    version: str
    """Of the strategy on this data; anything that may change a decision changes it."""
    data: str
    """The label of its candles, such as ``recorded: FILE`` or ``generated``."""
    gaps: Gaps
    conventions: Mapping[str, str | int | float | bool | None]
    """Each one that the money depends on, by its key in the strategy's file."""
    curve: EquityCurve
    fills: tuple[Traded, ...]
    evidence: tuple[Mapping[str, object], ...] = ()
    """To each fill what the terms said at the bar that decided; empty for a stop or a target."""
    posts: str | None = None
    """The label of the posts that its terms listened to; None where no term does."""
    heard: int = 0
    """How many of them were about the market, and known by the last close."""
    both_touched: int = 0
    """Bars that touched stop and target, where the convention decided which came first."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """What else was counted, such as entries that were too small, by its name."""
    notes: tuple[str, ...] = ()
    """What somebody must know beside the numbers, such as: funding not included."""

    funding: float | None = None
    """Paid in all, in quote; None for spot, and where the candles do not tell it."""

    def __post_init__(self) -> None:
        if not len(self.curve.times):
            raise ValueError("a backtest has taken at least one bar")
        if self.fills and self.fills[-1].bar >= self.bars:
            raise ValueError(f"a fill after the last bar: {self.fills[-1]}")
        if self.evidence and len(self.evidence) != len(self.fills):
            raise ValueError("there is evidence to each fill, or to none")

    @property
    def bars(self) -> int:
        return len(self.curve.times)

    @property
    def first(self) -> datetime:
        """When the first bar opened."""
        return self.opened(0)

    @property
    def last(self) -> datetime:
        """When the last bar opened."""
        return self.opened(-1)

    def opened(self, bar: int) -> datetime:
        """When the bar of that index opened (UTC)."""
        return moment(self.curve.times[bar])

    def statistics(self) -> Statistics:
        """Measured anew at each call: a tenth of a second for 100,000 bars."""
        return measured(self.curve, self.fills, self.both_touched)
