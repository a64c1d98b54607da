"""One session: a pass of one strategy over one feed, from wherever the last run had come to."""

from dataclasses import replace

from services.core.process.context import Context
from services.trading.candles import Bars, Candle
from services.trading.feed import Feed
from services.trading.market_notes import notes_on_market
from services.trading.paper.closing import CLOSED, left_by_word
from services.trading.paper.dealing import Dealing, without_entries
from services.trading.paper.latency import Latency
from services.trading.paper.session import SessionState
from services.trading.plugins.series import Series
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.steps import book as steps
from services.trading.steps import book_layout as at
from services.trading.steps.resting import resting
from services.trading.strategy import Strategy

NEXT_CANDLE = "the next candle"


class Replay:
    """Takes the candles one by one: fills what the bar before decided, reads the bar, decides.

    A killed run begins again at its last position. Indicators are warmed from the feed's first candle, so every
    decision comes out as it did, and each order that was placed is found by its key instead of placed again.

    Where the strategy has changed while a position was open, the position keeps the exits that it was opened with: the
    session goes on by the former version until it is flat, without an entry, and only then the next one begins.
    ``series`` is what plug-ins say of the candles, ``latency`` how long an order is on its way, and ``close`` names the
    position that a person wants left.
    """

    def __init__(
        self,
        context: Context,
        strategy: Strategy,
        feed: Feed,
        speed: float,
        series: Series | None = None,
        latency: Latency | None = None,
        close: str | None = None,
        *,
        only_close: bool = False,
    ) -> None:
        self._context, self._strategy, self._feed, self._speed = context, strategy, feed, speed
        self._series, self._latency = series, latency or Latency()
        versions = (*dict.fromkeys(series.versions if series else ()), *self._latency.versions)
        rule = Scorer(strategy, series)
        self._dealing = Dealing(context, strategy, rule, feed.label, strategy.version(feed.identity, *versions))
        self._rule = rule
        self._hearing = hearing_of(strategy, rule.windows, feed.posts.rows) if feed.posts else None
        self._begins_nothing = only_close
        self._close, self._only_close = close, only_close

    def run(self) -> None:
        """Go to the end of the feed; the stored position then names the next session."""
        dealing = self._dealing
        dealing.at = left_by_word(self._resumed() or self._begun(), self._close)
        self._warm()
        doing = f"{self._which or 'replaying'} {self._strategy.market.symbol}, {self._feed.label}"
        left = self._feed.after(dealing.at.index)
        self._awaited = NEXT_CANDLE + (f", {self._which} the {self._feed.origin} candles" if self._which else "")
        due = self._context.clock.monotonic()
        if self._only_close and not dealing.at.open:
            return
        for candle in self._context.track(left, doing=doing, start=dealing.at.index):
            self._take(candle)
            if self._only_close and not dealing.at.open:
                self._context.outcome = CLOSED
                return
            due = self._pace(due)
        dealing.end("every candle was taken")

    @property
    def _which(self) -> str:
        """Which pass over the candles this is, from the second on."""
        session = self._dealing.at.session
        return f"replay {session} of" if session > 1 else ""

    def _resumed(self) -> SessionState | None:
        at_ = SessionState.of(self._context.position)
        if at_ is None or at_.version == self._dealing.version:
            return at_
        former = Strategy.from_json(at_.strategy) if at_.open and at_.strategy else None
        if former is not None:
            leaving = Replay(self._context, former, self._feed, self._speed, self._series, self._latency, self._close)
            if leaving._dealing.version == at_.version:  # the same candles
                leaving.leave(at_)
                return None
        self._dealing.at = at_
        self._dealing.end("the strategy or its candles changed")
        return None

    def leave(self, at_: SessionState) -> None:
        """Go on from there by exits alone until the position is left, and end the session."""
        self._begins_nothing = True
        self._dealing.at = left_by_word(without_entries(at_), self._close)
        self._warm()
        doing = f"leaving {self._strategy.market.symbol} by the exits of the strategy's former version"
        self._awaited = f"{NEXT_CANDLE}: its position keeps the exits that it was opened with"
        due = self._context.clock.monotonic()
        index = self._dealing.at.index
        for candle in self._context.track(self._feed.after(index), doing=doing, start=index):
            self._take(candle)
            if not self._dealing.at.open:
                break
            due = self._pace(due)
        self._dealing.end("the strategy changed, and its position was left by its own exits")

    def _begun(self) -> SessionState:
        feed = self._feed
        session = (self._context.position or {}).get("session", 1)
        if session > 1:
            self._context.log.info(
                "replay %d of the %s candles begins, from the first of them and with the whole capital",
                session,
                feed.origin,
            )
        first, last = feed.candles[0].time, feed.candles[-1].time
        notes = notes_on_market(self._strategy.market, Bars.of(feed.candles))
        return self._dealing.begin(session, feed.because, len(feed.candles), first, last, notes)

    def _warm(self) -> None:
        for candle in self._feed.before(self._dealing.at.index):
            self._dealing.warm(candle, heard_by(self._hearing, candle))

    def _take(self, candle: Candle) -> None:
        """One candle, in the steps of a backtest. No event comes before an order of it, so a replay doubles none."""
        dealing, rule = self._dealing, self._rule
        book, terms, fills = list(dealing.at.book), dealing.conventions, dealing.fills
        last = dealing.at.index + 1 == len(self._feed.candles)
        stale, decided = rule.breaks_off(candle.time), rule.latest or candle.time
        missing = rule.missing_before(candle.time)
        steps.begin(book)
        steps.funded(book, candle.open, candle.funding if dealing.terms.margin else 0.0)
        quote, priced = self._latency.quote(candle, book[at.PENDING] or book[at.TURNS]), self._latency.told
        dealing.traded(book, decided, missing, lambda: steps.opening(book, terms, fills, quote, stale), priced)
        dealing.traded(book, decided, missing, lambda: steps.turning(book, terms, fills, quote), priced)
        prices = candle.open, candle.high, candle.low, candle.volume
        dealing.traded(book, candle.time, 0, lambda: resting(book, terms, fills, *prices))
        dealing.traded(book, candle.time, 0, lambda: steps.within(book, terms, fills, *prices))
        dealing.read(candle, heard_by(self._hearing, candle))
        book[at.VOLATILITY] = rule.volatility
        rested, (enters, leaves, covers) = book[at.REST], rule.asks
        if self._begins_nothing:
            enters = 0.0
        asks = enters, leaves, covers, last
        dealing.traded(book, candle.time, 0, lambda: steps.closing(book, terms, fills, candle.close, *asks))
        if terms[at.AT_CLOSE]:
            dealing.traded(book, candle.time, 0, lambda: steps.turning(book, terms, fills, candle.close))
        if book[at.REST] and not rested:
            dealing.at = replace(dealing.at, because=rule.because())
        dealing.passed(candle, book)

    def _pace(self, due: float) -> float:
        """Wait until the next candle is due; a pause is not caught up afterwards. Returns when this one was due."""
        if self._speed <= 0:
            return due
        now = self._context.clock.monotonic()
        due = max(due + 1 / self._speed, now)
        self._context.wait(due - now, self._awaited)
        return due
