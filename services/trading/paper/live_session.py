"""A session on live bars: what a bar decides is placed at once, at the price that stands after the latency."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from services.core.durations import format_duration
from services.core.process import ConfigurationFault
from services.core.process.context import Context
from services.trading.candles import Bars, Candle
from services.trading.fills import Side
from services.trading.live_feed import AGAIN, LiveFeed, LiveMarkets
from services.trading.market_notes import notes_on_market
from services.trading.paper.book_walk import Level, Walked, against_us, walked
from services.trading.paper.closing import left_by_word
from services.trading.paper.dealing import Dealing, without_entries
from services.trading.paper.kept_bars import KeptBars, Said, Told, said_at
from services.trading.paper.latency import Latency
from services.trading.paper.session import SessionState
from services.trading.plugins.series import Series, plugin_files
from services.trading.scoring.history import loaded_bars, require_history, thin_history
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import Hearing, heard_by, hearing_of
from services.trading.social.listener import Listener
from services.trading.social.voices import Heard
from services.trading.steps import book as steps
from services.trading.steps import book_layout as at
from services.trading.steps.orders import measured
from services.trading.steps.resting import resting
from services.trading.strategy import Strategy
from services.trading.venue.live_bar import LiveBar


class PaperSession:
    """Goes on from where the last run stood, with the bars that closed meanwhile: those are remembered, what rested in
    the market is filled as they say, and no order is sent by them.

    Where the strategy has changed while a position was open, that keeps the exits that it was opened with until it is
    left; only then the next session begins. What it reads is kept in the folder ``keep``, for a chart; ``close`` names
    the position that a person wants left.
    """

    def __init__(
        self,
        context: Context,
        strategy: Strategy,
        feed: LiveFeed,
        markets: LiveMarkets,
        latency: Latency,
        keep: Path | None = None,
        close: str | None = None,
    ) -> None:
        self._context, self._strategy, self._feed, self._markets = context, strategy, feed, markets
        self._latency, self._keep_in, self._close = latency, keep, close
        self._said: dict[str, dict[int, float]] = {name: {} for name in strategy.weighed}
        self._late: dict[str, str] = {}
        self._rule = Scorer(strategy, Series(self._said, self._late))
        versions = self._approved(), *latency.versions
        version = strategy.version(feed.label, *filter(None, versions))
        self._dealing = Dealing(context, strategy, self._rule, feed.label, version)
        self._hearing: Hearing | None = None
        self._listener: Listener | None = None
        self._bars: list[Candle] = []
        self._memory = loaded_bars(strategy)
        self._leaving = False
        self._kept = KeptBars(keep, version) if keep else None

    def run(self, *, only_close: bool = False) -> None:
        """Bar after bar, until it is told to end; ``only_close`` ends once what is to be closed was sent."""
        known = SessionState.of(self._context.position)
        if known is not None and known.version != self._dealing.version:
            self._end_former(known)
            known = None
        past = self._read_past(known.last if known else None)
        last = known.last if known and known.last else past[-1].time
        if known is not None:
            self._dealing.at = left_by_word(known, self._close)
        else:
            session = (self._context.position or {}).get("session", 1)
            notes = notes_on_market(self._strategy.market, Bars.of(past))
            self._dealing.begin(session, "", 0, last, last, notes)
        if only_close:
            self._send()
        else:
            self._follow(last)

    def leave(self, at_: SessionState) -> None:
        """Go on from there by exits alone until the position is left, and end the session."""
        self._leaving = True
        self._dealing.at = left_by_word(without_entries(at_), self._close)
        past = self._read_past(at_.last)
        self._follow(at_.last or past[-1].time)
        self._dealing.end("the strategy changed, and its position was left by its own exits")

    def _follow(self, last: datetime) -> None:
        self._send()
        if self._leaving and not self._dealing.at.open:
            return
        for bar in self._feed.after(last):
            self._take(bar)
            if self._leaving and not self._dealing.at.open:
                return

    def _end_former(self, known: SessionState) -> None:
        former = Strategy.from_json(known.strategy) if known.open and known.strategy else None
        if former is not None and former.live and known.last is not None:
            given = self._feed, self._markets, self._latency, self._keep_in, self._close
            leaving = PaperSession(self._context, former, *given)
            if leaving._dealing.version == known.version:  # on the same market
                leaving.leave(known)
                return
        self._dealing.at = known
        self._dealing.end("the strategy or its candles changed")

    def _read_past(self, until: datetime | None) -> list[Candle]:
        """Read what the terms remember, up to the bar that was taken last; or all but the newest, which may decide."""
        self._context.doing("reading what the terms remember")
        found = self._feed.history(self._memory + 2, until)
        past = found if until is not None else found[:-1]
        require_history(self._strategy, len(past), self._feed.label)
        if thin := thin_history(self._strategy, len(past)):
            self._context.log.warning("%s", thin)
        if self._rule.windows and self._markets.posts is not None:
            self._hearing = hearing_of(self._strategy, self._rule.windows)
            self._listener = Listener(self._hearing, self._markets.posts().next, self._context.log)
        self._bars = list(past)
        if self._kept is not None:
            self._kept.begin(Told(self._feed.label, self._strategy.to_json()), past)
        self._ask_plugins()
        said = []
        for candle in past:
            self._dealing.warm(candle, self._heard(candle), late=True)
            said.append(self._said_at(candle))
        if self._kept is not None:
            self._kept.say_past(said)
        return past

    def _take(self, bar: LiveBar) -> None:
        """A bar that closed. What rested in the market is met by it, and then it decides, unless it came too late."""
        dealing, rule, candle = self._dealing, self._rule, bar.candle
        late = bar.late(self._strategy.signal_age)
        book, terms, fills = list(dealing.at.book), dealing.conventions, dealing.fills
        stale, missing = rule.breaks_off(candle.time), rule.missing_before(candle.time)
        steps.begin(book)
        dealing.traded(book, candle.time, missing, lambda: steps.opening(book, terms, fills, candle.open, stale))
        prices = candle.open, candle.high, candle.low, candle.volume
        dealing.traded(book, candle.time, 0, lambda: resting(book, terms, fills, *prices))
        dealing.traded(book, candle.time, 0, lambda: steps.within(book, terms, fills, *prices))
        self._bars = [*self._bars[-self._memory :], candle]
        if not late:
            self._ask_plugins()
        dealing.read(candle, self._heard(candle), late=late)
        book[at.VOLATILITY] = rule.volatility
        if late:
            age, opened = format_duration(bar.age), f"{candle.time:%Y-%m-%d %H:%M} UTC"
            self._context.log.info("the bar of %s came %s late: nothing is sent by it", opened, age)
        else:
            self._decide(candle, book)
        if self._kept is not None:
            self._kept.add([candle])
            self._kept.say([self._said_at(candle)])
            self._context.sample(f"trading.bars:{self._context.name}", self._kept.count)
        dealing.passed(candle, book)
        self._send()

    def _decide(self, candle: Candle, book: list[float]) -> None:
        dealing, rested = self._dealing, book[at.REST]
        enters, leaves, covers = self._rule.asks
        asks = 0.0 if self._leaving else enters, leaves, covers, False
        terms, fills = dealing.conventions, dealing.fills
        dealing.traded(book, candle.time, 0, lambda: steps.closing(book, terms, fills, candle.close, *asks))
        if book[at.REST] and not rested:
            dealing.at = replace(dealing.at, because=self._rule.because())

    def _send(self) -> None:
        """Place what the latest bar decided, once, at the price that is found for it; that is kept beforehand, so
        whoever comes back after a kill places the same order."""
        dealing = self._dealing
        book, decided = list(dealing.at.book), dealing.at.last
        side = book[at.PENDING]
        if not side or decided is None:
            return
        if not dealing.at.quoted:
            price, priced = self._priced(decided, side, book)
            if not price:
                dealing.decline(Side.BUY if side > 0 else Side.SELL, decided, priced)
                book[at.PENDING] = book[at.REST] = 0.0
                self._keep(book)
                return
            dealing.at = replace(dealing.at, book=tuple(book), quoted=price, priced=priced)
            self._context.position = dealing.at.to_json()
        quote, terms, fills = dealing.at.quoted, list(dealing.conventions), dealing.fills
        terms[at.SLIPPAGE_TICKS] = 0.0  # it is in the quote
        dealing.traded(book, decided, 0, lambda: steps.opening(book, terms, fills, quote, False), dealing.at.priced)
        self._keep(book)

    def _keep(self, book: list[float]) -> None:
        self._dealing.at = replace(self._dealing.at, book=tuple(book), quoted=0.0, priced="")
        self._context.position = self._dealing.at.to_json()
        self._context.checkpoint()

    def _priced(self, decided: datetime, side: float, book: list[float]) -> tuple[float, str]:
        """What the order meets once it has arrived, and by what that was found; 0 and why not, where it is too late.

        An exit is never too late.
        """
        self._context.wait(self._latency.time.total_seconds(), "the order's way to the exchange")
        age = self._strategy.signal_age
        until = decided + self._strategy.bar + age
        while book[at.OPEN] == -side or self._feed.now() <= until:
            depth = self._feed.depth()
            if depth is not None:
                return self._met(depth.asks if side > 0 else depth.bids, side, book)
            self._context.wait(min(AGAIN, age.total_seconds() / 4), "the exchange, for a price")
        return 0.0, "no price was told within max_signal_age of the bar's close"

    def _met(self, levels: Sequence[Level], side: float, book: list[float]) -> tuple[float, str]:
        tick = Decimal(str(self._strategy.market.tick))
        if not levels:
            slip = self._strategy.slippage.ticks
            return self._dealing.at.price + side * slip * float(tick), f"the last close, slippage {slip} ticks: no book"
        best = float(levels[0][0])
        wanted = self._wanted(book, side, best)
        found = walked(levels, wanted)
        if found is None:
            return best, "the order book"
        if not found.whole and book[at.OPEN] == 0.0:
            step = Decimal(str(self._strategy.market.step))
            if found.quantity < step:
                return 0.0, "the order book holds less than one step of it"
            # An entry takes what the book holds, and the rest of it is given up; an exit leaves with everything.
            book[at.REST], book[at.REST_SIDE], book[at.LIMIT] = float(found.quantity // step), side, 0.0
        return float(against_us(found.price, tick, side)), _told(found, self._latency)

    def _wanted(self, book: list[float], side: float, best: float) -> Decimal:
        """How much is to be traded, at the best price."""
        market = self._strategy.market
        if book[at.OPEN] == -side:
            return Decimal(str(abs(book[at.HELD])))
        count = book[at.REST] or measured(list(book), self._dealing.conventions, best, side)
        return Decimal(str(market.step)) * Decimal(int(max(count, 0.0)))

    def _heard(self, candle: Candle) -> Mapping[int, Heard] | None:
        """What was heard by a bar's close, of what this home has recorded by now."""
        if self._listener is not None:
            self._listener.catch_up()
        return heard_by(self._hearing, candle)

    def _said_at(self, candle: Candle) -> Said:
        return said_at(self._rule, candle, self._dealing.sentiment)

    def _ask_plugins(self) -> None:
        """What plug-ins say of the bars so far."""
        if not plugin_files(self._strategy) or self._markets.plugins is None:
            return
        told = self._markets.plugins.series(self._strategy, Bars.of(self._bars), self._context.checkpoint)
        self._late.clear()
        self._late.update(told.late)
        for name, values in told.values.items():
            self._said[name] = dict(values)

    def _approved(self) -> str:
        """The versions of its plug-ins. Raises ``ConfigurationFault`` where one may not run."""
        files = plugin_files(self._strategy)
        if not files:
            return ""
        if self._markets.plugins is None:
            raise ConfigurationFault(f"{', '.join(files)}: nobody runs plug-ins here")
        return " ".join(map(self._markets.plugins.approved, files))


def _told(found: Walked, latency: Latency) -> str:
    return f"{found.told}, after {latency.told}" if latency.time else found.told
