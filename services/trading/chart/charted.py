"""A strategy's candles with what its terms said at each: frozen columns that a window may read."""

from array import array
from dataclasses import dataclass, replace
from functools import cached_property

from services.trading.candles import Bars


@dataclass(frozen=True)
class ChartedTerm:
    """A term of the score; its values are from -1 to 1 to each bar, NaN where it had no data."""

    name: str
    kind: str
    weight: float
    required: bool
    values: "array[float]"


@dataclass(frozen=True)
class Conduct:
    """How the strategy trades, in the words of its file; shares are of 1, None where it has no such thing."""

    enter: float
    exit: float
    stop: float | None
    trailing: float | None
    target: float | None
    cool_down: int
    """Bars without an entry after an exit."""
    sizing: str
    fill: str


@dataclass(frozen=True)
class Histogram:
    """The histogram of a MACD, in quote, to each bar."""

    spans: tuple[int, int, int]
    key: str
    """Where in the strategy's file its spans stand."""
    values: "array[float]"


@dataclass(frozen=True)
class Charted:
    """All of it. ``label`` says what the candles are: ``recorded: FILE`` or ``generated``."""

    label: str
    because: str
    """Why these candles and not recorded ones, where somebody may wonder."""
    market: str
    bar_seconds: float
    bars: Bars
    terms: tuple[ChartedTerm, ...]
    score: "array[float]"
    conduct: Conduct
    histogram: Histogram | None = None
    sentiment: "array[float] | None" = None
    """The mean score of what was heard by each bar's close; None where the strategy listens to nothing."""

    @cached_property
    def count(self) -> int:
        return len(self.bars)

    def until(self, count: int) -> "Charted":
        """The same where only the first ``count`` bars are known yet."""
        if count >= len(self.bars):
            return self
        bars, hist = self.bars, self.histogram
        columns = (bars.times, bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes)
        return replace(
            self,
            bars=Bars(*(column[:count] for column in columns)),  # type: ignore[arg-type]  # of both kinds of array
            terms=tuple(replace(term, values=term.values[:count]) for term in self.terms),
            score=self.score[:count],
            histogram=replace(hist, values=hist.values[:count]) if hist is not None else None,
            sentiment=self.sentiment[:count] if self.sentiment is not None else None,
        )
