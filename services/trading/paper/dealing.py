"""What one session does at its paper broker: each fill that its book reckons with is placed as an order, and told."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from services.core.effects import Outcome, Standing
from services.core.process.context import Context
from services.trading.anomalies.events import AnomalySeen
from services.trading.anomalies.watch import Watch
from services.trading.candles import Candle
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.fills import Fill, Side, Terms
from services.trading.paper.account import Account
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.session import SessionState
from services.trading.scoring.book_terms import book_terms, new_book
from services.trading.scoring.reasons import Reason, Refusal
from services.trading.scoring.scorer import Scorer
from services.trading.social.level import level_of
from services.trading.social.voices import Heard
from services.trading.steps import book_layout as at
from services.trading.steps.orders import cleared
from services.trading.strategy import Strategy

LONGEST_WAIT = 30.0
"""Seconds between questions about an order whose outcome is unknown."""


class Dealing:
    """The account of a session, the book of its steps, and how both are told.

    ``label`` says what the candles are. ``at`` is where the session has come to; whoever reads the bars moves it on.
    """

    def __init__(self, context: Context, strategy: Strategy, rule: Scorer, label: str, version: str) -> None:
        self.context, self.strategy, self.rule, self.label, self.version = context, strategy, rule, label, version
        self.terms = _terms(strategy)
        self.conventions = book_terms(strategy)
        self.fills = [0.0] * (at.FILL * at.MOST_FILLS)
        self.at: SessionState
        self._watch = Watch(strategy.bar)
        self.sentiment = level_of(None)

    def begin(
        self, session: int, because: str, count: int, first: datetime, last: datetime, notes: tuple[str, ...] = ()
    ) -> SessionState:
        """Tell that a session begins, and keep it at once: a run that is killed must not begin it twice."""
        strategy = self.strategy
        for note in notes:
            self.context.log.warning("%s", note)
        self.at = SessionState(session, self.version, 0, _opened(strategy), book=new_book(strategy))
        self.at = replace(self.at, strategy=strategy.to_json())
        self.context.emit(
            SessionStarted(
                strategy=strategy.name,
                version=self.version,
                session=session,
                market=strategy.market.symbol,
                timeframe=strategy.timeframe,
                label=self.label,
                because=because,
                candles=count,
                first=first,
                last=last,
                capital=strategy.capital,
                fill=strategy.fill,
                fee_rate=self.terms.fee_rate,
                slippage=self.terms.slippage,
                notes=notes,
            )
        )
        self.context.checkpoint(self.at.to_json())
        return self.at

    def warm(self, candle: Candle, heard: Mapping[int, Heard] | None = None, *, late: bool = False) -> None:
        """Read a bar from before, by which nothing is done."""
        self.read(candle, heard, late=late)
        self._watch.update(candle, self.sentiment)

    def read(self, candle: Candle, heard: Mapping[int, Heard] | None = None, *, late: bool = False) -> None:
        """Take a closed bar, and what was heard by its close."""
        self.sentiment = level_of(heard)
        self.rule.update(candle, heard, late=late)

    def passed(self, candle: Candle, book: list[float]) -> None:
        """A bar is over: mark the account at its close, keep where the session is, and tell what was unusual."""
        self.at = replace(self.at, index=self.at.index + 1, last=candle.time, price=candle.close, book=tuple(book))
        self.at = replace(self.at, peak=max(self.at.peak, self.at.account.capital, self.at.equity))
        self.context.position = self.at.to_json()
        self._tell_unusual(candle)
        self._show()

    def traded(
        self, book: list[float], decided: datetime, missing: int, step: Callable[[], None], priced: str = ""
    ) -> None:
        """Take one step of the book, and place at the broker what it fills. What the broker refuses did not happen.

        ``priced`` says by what the fill's price was found, where that is not the bar alone.
        """
        before = list(book)
        book[at.FILLS] = 0.0
        step()
        if book[at.REFUSED]:
            self.decline(
                _side(book[at.REFUSED_SIDE]), decided, Refusal(int(book[at.REFUSED])).told(self.strategy, missing)
            )
            book[at.REFUSED] = at.PLACED
        for start in range(0, int(book[at.FILLS]) * at.FILL, at.FILL):
            fill = self.fills[start : start + at.FILL]
            reduces = self.terms.margin and before[at.OPEN] == -fill[at.SIDE]
            outcome = self._settled(self._order(fill, decided, reduces=reduces), priced)
            if outcome.done:
                booked = self._booked(msgspec.convert(outcome.details, Fill), priced)
                self.at = replace(self.at, account=booked, asked="")
                continue
            self.decline(_side(fill[at.SIDE]), decided, outcome.why)
            self.at = replace(self.at, asked="")
            book[:] = before
            book[at.PENDING] = book[at.TURNS] = 0.0
            if fill[at.REASON] == at.BY_LIMIT:
                cleared(book)

    def decline(self, side: Side, bar: datetime, why: str) -> None:
        """A signal becomes no trade."""
        self.context.emit(OrderDeclined(self.at.session, self.strategy.market.symbol, side, bar, why))

    def end(self, why: str) -> None:
        """The session is over; the stored position then names the next one."""
        account = self.at.account
        self.context.emit(
            SessionEnded(
                session=self.at.session,
                why=why,
                candles=self.at.index,
                equity=self.at.equity,
                pnl_percent=self.at.pnl_percent,
                trades=account.trades,
                fills=account.fills,
                fees=account.fees,
                last_price=self.at.price,
            )
        )
        self.context.checkpoint({"session": self.at.session + 1})

    def _order(self, fill: list[float], decided: datetime, *, reduces: bool) -> PlaceOrder:
        """The order whose fill the book reckons with; slippage is in its price already. What only reduces a
        perpetual future may be of any size."""
        terms = replace(self.terms, slippage=0.0, min_notional=0.0 if reduces else self.terms.min_notional)
        reason = Reason(int(fill[at.REASON]))
        return PlaceOrder(
            process=self.context.name,
            version=self.version,
            session=self.at.session,
            market=self.strategy.market.symbol,
            label=self.label,
            side=_side(fill[at.SIDE]),
            quantity=fill[at.QUANTITY],
            candle=decided,
            quote=fill[at.PRICE],
            terms=terms,
            by="" if reason is Reason.SIGNAL else reason.name.lower(),
            funding=fill[at.FUNDED],
        )

    def _settled(self, order: PlaceOrder, priced: str) -> Outcome:
        """Place it; while nobody can say what came of it, ask again instead of trading on."""
        because = self._because(order) | ({"priced by": priced} if priced else {})
        outcome = self.context.act(order, because=because)
        pause = 1.0
        while outcome.standing is Standing.UNKNOWN:
            self.context.wait(pause, f"what came of: {order.what}")
            pause = min(LONGEST_WAIT, pause * 2)
            outcome = self.context.act(order, because=because)
        return outcome

    def _because(self, order: PlaceOrder) -> dict[str, object]:
        """The terms of the bar that decided; of a stop or a target, its level; or who asked for it."""
        if self.at.asked and not order.by:
            return {"rule": self.at.asked, "bar": order.candle.isoformat()}
        if order.by in ("", "turn"):
            return self.rule.because()
        decided = self.at.because if order.by == "limit" else {}
        return {**decided, "rule": f"{order.by} at {order.quote:g}", "bar": order.candle.isoformat()}

    def _booked(self, fill: Fill, priced: str) -> Account:
        booked = self.at.account.after(fill)
        self.context.emit(
            Filled(
                session=self.at.session,
                market=self.strategy.market.symbol,
                label=self.label,
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
                priced=priced,
            )
        )
        return booked

    def _tell_unusual(self, candle: Candle) -> None:
        for seen in self._watch.update(candle, self.sentiment):
            self.context.emit(
                AnomalySeen(
                    market=self.strategy.market.symbol,
                    timeframe=self.strategy.timeframe,
                    label=self.label,
                    session=self.at.session,
                    candle=candle.time,
                    kind=seen.kind,
                    what=seen.what,
                    up=seen.up,
                    value=seen.value,
                    limit=seen.limit,
                    price=candle.close,
                )
            )

    def _show(self) -> None:
        name, at_ = self.context.name, self.at
        self.context.sample(f"trading.price:{name}", at_.price)
        self.context.sample(f"trading.equity:{name}", at_.equity)
        self.context.sample(f"trading.pnl_percent:{name}", at_.pnl_percent)
        self.context.sample(f"trading.drawdown:{name}", at_.drawdown)


def without_entries(state: SessionState) -> SessionState:
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
