"""One session: a pass of one strategy over one feed, from wherever the last run had come to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import msgspec

from services.core.effects import Outcome, Standing
from services.core.process.context import Context
from services.trading.account import Account
from services.trading.anomalies.events import AnomalySeen
from services.trading.anomalies.watch import Watch
from services.trading.candles import Candle
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.feed import Feed
from services.trading.fills import Fill, Side, Terms
from services.trading.orders import PlaceOrder
from services.trading.scoring.book_terms import book_terms, new_book
from services.trading.scoring.reasons import Reason, Refusal
from services.trading.scoring.scorer import Scorer
from services.trading.session import SessionState
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.social.level import level_of
from services.trading.steps import book as steps
from services.trading.steps import book_layout as at
from services.trading.steps.orders import cleared
from services.trading.steps.resting import resting
from services.trading.strategy import Strategy

NEXT_CANDLE = "the next candle"
LONGEST_WAIT = 30.0
"""Seconds between questions about an order whose outcome is unknown."""


class Replay:
    """Takes the candles one by one: fills what the bar before decided, reads the bar, decides.

    A killed run begins again at its last position. Indicators are warmed from the feed's first candle, so every
    decision comes out as it did, and each order that was placed is found by its key instead of placed again.

    Where the strategy has changed while a position was open, the position keeps the exits that it was opened with: the
    session goes on by the former version until it is flat, without an entry, and only then the next one begins.
    """

    def __init__(self, context: Context, strategy: Strategy, feed: Feed, speed: float) -> None:
        self._context = context
        self._strategy = strategy
        self._feed = feed
        self._speed = speed
        self._version = strategy.version(feed.identity)
        self._terms = _terms(strategy)
        self._rule = Scorer(strategy)
        self._hearing = hearing_of(strategy, self._rule.windows, feed.posts.rows) if feed.posts else None
        self._watch = Watch(strategy.bar)
        self._sentiment = level_of(None)
        self._conventions = book_terms(strategy)
        self._fills = [0.0] * (at.FILL * at.MOST_FILLS)
        self._begins_nothing = False

    def run(self) -> None:
        """Go to the end of the feed; the stored position then names the next session."""
        self._at = self._resumed() or self._begun()
        self._warm()
        doing = f"{self._which or 'replaying'} {self._strategy.market.symbol}, {self._feed.label}"
        left = self._feed.after(self._at.index)
        self._awaited = NEXT_CANDLE + (f", {self._which} the {self._feed.origin} candles" if self._which else "")
        due = self._context.clock.monotonic()
        for candle in self._context.track(left, doing=doing, start=self._at.index):
            self._take(candle)
            due = self._pace(due)
        self._end("every candle was taken")

    @property
    def _which(self) -> str:
        """Which pass over the candles this is, from the second on."""
        return f"replay {self._at.session} of" if self._at.session > 1 else ""

    def _resumed(self) -> SessionState | None:
        at = SessionState.of(self._context.position)
        if at is None or at.version == self._version:
            return at
        former = Strategy.from_json(at.strategy) if at.open and at.strategy else None
        if former is not None:
            leaving = Replay(self._context, former, self._feed, self._speed)
            if leaving._version == at.version:  # the same candles
                leaving.leave(at)
                return None
        self._at = at
        self._end("the strategy or its candles changed")
        return None

    def leave(self, at_: SessionState) -> None:
        """Go on from there by exits alone until the position is left, and end the session."""
        self._begins_nothing = True
        self._at = _without_entries(at_)
        self._warm()
        doing = f"leaving {self._strategy.market.symbol} by the exits of the strategy's former version"
        self._awaited = f"{NEXT_CANDLE}: its position keeps the exits that it was opened with"
        due = self._context.clock.monotonic()
        for candle in self._context.track(self._feed.after(self._at.index), doing=doing, start=self._at.index):
            self._take(candle)
            if not self._at.open:
                break
            due = self._pace(due)
        self._end("the strategy changed, and its position was left by its own exits")

    def _begun(self) -> SessionState:
        strategy, feed = self._strategy, self._feed
        session = (self._context.position or {}).get("session", 1)
        at = SessionState(session, self._version, 0, _opened(strategy), book=new_book(strategy))
        at = replace(at, strategy=strategy.to_json())
        self._context.emit(
            SessionStarted(
                strategy=strategy.name,
                version=self._version,
                session=session,
                market=strategy.market.symbol,
                timeframe=strategy.timeframe,
                label=feed.label,
                because=feed.because,
                candles=len(feed.candles),
                first=feed.candles[0].time,
                last=feed.candles[-1].time,
                capital=strategy.capital,
                fill=strategy.fill,
                fee_rate=self._terms.fee_rate,
                slippage=self._terms.slippage,
            )
        )
        if session > 1:
            self._context.log.info(
                "replay %d of the %s candles begins, from the first of them and with the whole capital",
                session,
                feed.origin,
            )
        # Kept at once with its position: a run killed before its first candle must not begin the session twice.
        self._context.checkpoint(at.to_json())
        return at

    def _warm(self) -> None:
        for candle in self._feed.before(self._at.index):
            self._read(candle)
            self._watch.update(candle, self._sentiment)

    def _read(self, candle: Candle) -> None:
        """Take a closed bar, and what was heard by its close."""
        heard = heard_by(self._hearing, candle)
        self._sentiment = level_of(heard)
        self._rule.update(candle, heard)

    def _take(self, candle: Candle) -> None:
        """One candle, in the steps of a backtest. No event comes before an order of it, so a replay doubles none."""
        book, terms, fills = list(self._at.book), self._conventions, self._fills
        last = self._at.index + 1 == len(self._feed.candles)
        stale, decided = self._rule.breaks_off(candle.time), self._rule.latest or candle.time
        missing = self._rule.missing_before(candle.time)
        steps.begin(book)
        steps.funded(book, candle.open, candle.funding if self._terms.margin else 0.0)
        self._traded(book, decided, missing, lambda: steps.opening(book, terms, fills, candle.open, stale))
        self._traded(book, decided, missing, lambda: steps.turning(book, terms, fills, candle.open))
        prices = candle.open, candle.high, candle.low, candle.volume
        self._traded(book, candle.time, 0, lambda: resting(book, terms, fills, *prices))
        self._traded(book, candle.time, 0, lambda: steps.within(book, terms, fills, *prices))
        self._read(candle)
        book[at.VOLATILITY] = self._rule.volatility
        rested, (enters, leaves, covers) = book[at.REST], self._rule.asks
        if self._begins_nothing:
            enters = 0.0
        asks = enters, leaves, covers, last
        self._traded(book, candle.time, 0, lambda: steps.closing(book, terms, fills, candle.close, *asks))
        if terms[at.AT_CLOSE]:
            self._traded(book, candle.time, 0, lambda: steps.turning(book, terms, fills, candle.close))
        if book[at.REST] and not rested:
            self._at = replace(self._at, because=self._rule.because())
        self._at = replace(self._at, index=self._at.index + 1, price=candle.close, book=tuple(book))
        self._at = replace(self._at, peak=max(self._at.peak, self._at.account.capital, self._at.equity))
        self._context.position = self._at.to_json()
        self._tell_unusual(candle)
        self._show()

    def _tell_unusual(self, candle: Candle) -> None:
        for seen in self._watch.update(candle, self._sentiment):
            self._context.emit(
                AnomalySeen(
                    market=self._strategy.market.symbol,
                    timeframe=self._strategy.timeframe,
                    label=self._feed.label,
                    session=self._at.session,
                    candle=candle.time,
                    kind=seen.kind,
                    what=seen.what,
                    up=seen.up,
                    value=seen.value,
                    limit=seen.limit,
                    price=candle.close,
                )
            )

    def _traded(self, book: list[float], decided: datetime, missing: int, step: Callable[[], None]) -> None:
        """Take one step of the book, and place at the broker what it fills. What the broker refuses did not happen."""
        before = list(book)
        book[at.FILLS] = 0.0
        step()
        if book[at.REFUSED]:
            self._decline(
                _side(book[at.REFUSED_SIDE]), decided, Refusal(int(book[at.REFUSED])).told(self._strategy, missing)
            )
            book[at.REFUSED] = at.PLACED
        for start in range(0, int(book[at.FILLS]) * at.FILL, at.FILL):
            fill = self._fills[start : start + at.FILL]
            outcome = self._settled(
                self._order(fill, decided, reduces=self._terms.margin and before[at.OPEN] == -fill[at.SIDE])
            )
            if outcome.done:
                self._at = replace(self._at, account=self._booked(msgspec.convert(outcome.details, Fill)))
                continue
            self._decline(_side(fill[at.SIDE]), decided, outcome.why)
            book[:] = before
            book[at.PENDING] = book[at.TURNS] = 0.0
            if fill[at.REASON] == at.BY_LIMIT:
                cleared(book)

    def _order(self, fill: list[float], decided: datetime, *, reduces: bool) -> PlaceOrder:
        """The order whose fill the book reckons with; slippage is in its price already. What only reduces a
        perpetual future may be of any size."""
        terms = replace(self._terms, slippage=0.0, min_notional=0.0 if reduces else self._terms.min_notional)
        reason = Reason(int(fill[at.REASON]))
        return PlaceOrder(
            process=self._context.name,
            version=self._version,
            session=self._at.session,
            market=self._strategy.market.symbol,
            label=self._feed.label,
            side=_side(fill[at.SIDE]),
            quantity=fill[at.QUANTITY],
            candle=decided,
            quote=fill[at.PRICE],
            terms=terms,
            by="" if reason is Reason.SIGNAL else reason.name.lower(),
            funding=fill[at.FUNDED],
        )

    def _settled(self, order: PlaceOrder) -> Outcome:
        """Place it; while nobody can say what came of it, ask again instead of trading on."""
        because = self._because(order)
        outcome = self._context.act(order, because=because)
        pause = 1.0
        while outcome.standing is Standing.UNKNOWN:
            self._context.wait(pause, f"what came of: {order.what}")
            pause = min(LONGEST_WAIT, pause * 2)
            outcome = self._context.act(order, because=because)
        return outcome

    def _because(self, order: PlaceOrder) -> dict[str, object]:
        """The terms of the bar that decided; of a stop or a target, its level."""
        if order.by in ("", "turn"):
            return self._rule.because()
        decided = self._at.because if order.by == "limit" else {}
        return {**decided, "rule": f"{order.by} at {order.quote:g}", "bar": order.candle.isoformat()}

    def _booked(self, fill: Fill) -> Account:
        booked = self._at.account.after(fill)
        self._context.emit(
            Filled(
                session=self._at.session,
                market=self._strategy.market.symbol,
                label=self._feed.label,
                client_id=fill.client_id,
                side=fill.side,
                quantity=fill.quantity,
                price=fill.price,
                fee=fill.fee,
                candle=fill.candle,
                cash=booked.cash,
                held=booked.quantity,
                equity=booked.equity(fill.price),
                pnl_percent=booked.pnl_percent(fill.price),
                trades=booked.trades,
            )
        )
        return booked

    def _decline(self, side: Side, bar: datetime, why: str) -> None:
        market = self._strategy.market.symbol
        self._context.emit(OrderDeclined(self._at.session, market, side, bar, why))

    def _show(self) -> None:
        name, at_ = self._context.name, self._at
        self._context.sample(f"trading.price:{name}", at_.price)
        self._context.sample(f"trading.equity:{name}", at_.equity)
        self._context.sample(f"trading.pnl_percent:{name}", at_.pnl_percent)
        self._context.sample(f"trading.drawdown:{name}", at_.drawdown)

    def _pace(self, due: float) -> float:
        """Wait until the next candle is due; a pause is not caught up afterwards. Returns when this one was due."""
        if self._speed <= 0:
            return due
        now = self._context.clock.monotonic()
        due = max(due + 1 / self._speed, now)
        self._context.wait(due - now, self._awaited)
        return due

    def _end(self, why: str) -> None:
        account, price = self._at.account, self._at.price
        self._context.emit(
            SessionEnded(
                session=self._at.session,
                why=why,
                candles=self._at.index,
                equity=self._at.equity,
                pnl_percent=self._at.pnl_percent,
                trades=account.trades,
                fills=account.fills,
                fees=account.fees,
                last_price=price,
            )
        )
        self._context.checkpoint({"session": self._at.session + 1})


def _without_entries(state: SessionState) -> SessionState:
    """What was still to be entered is not; what is held stays."""
    book = list(state.book)
    cleared(book)
    book[at.TURNS] = 0.0
    if book[at.PENDING] == book[at.OPEN]:
        book[at.PENDING] = 0.0
    return replace(state, book=tuple(book))


def _side(way: float) -> Side:
    return Side.BUY if way > 0 else Side.SELL


def _opened(strategy: Strategy) -> Account:
    market = strategy.market
    return Account.opened(strategy.capital, margin=market.kind == "perpetual", step=market.step)


def _terms(strategy: Strategy) -> Terms:
    market = strategy.market
    return Terms(
        capital=strategy.capital,
        fee_rate=strategy.fee_rate,
        slippage=strategy.slippage.ticks * market.tick,
        step=market.step,
        min_notional=market.min_notional,
        tick=market.tick,
        fee_in=strategy.fee_in,
        margin=market.kind == "perpetual",
    )
