"""A backtest: the steps of a strategy's terms and of its book, bar after bar."""

from collections import Counter
from collections.abc import Callable, Sequence

from services.core.errors import UserError
from services.trading.backtest.conventions import conventions_of, notes_on
from services.trading.candles import Bars, Candle, gaps_in
from services.trading.fills import Side
from services.trading.plugins.series import Series, require_series
from services.trading.results import BacktestResult
from services.trading.scoring.book_terms import book_terms, new_book
from services.trading.scoring.reasons import Reason, Refusal
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.social.post import Posts, Row
from services.trading.social.times import other_time
from services.trading.statistics import EquityCurve, Traded
from services.trading.steps import book as steps
from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy


class Backtest:
    """One strategy over bars, each taken once and in order. Money is in quote.

    ``posts`` is the recorded stream that its terms of posts listen to, ``series`` what plug-ins say of the bars. The
    first ``warm`` bars are read and not traded: nothing that they decide is placed. Raises ``UserError`` for terms of
    posts without a stream, not even an empty one, and for terms of plug-ins without their series.
    """

    def __init__(
        self, strategy: Strategy, posts: Posts | None = None, *, series: Series | None = None, warm: int = 0
    ) -> None:
        require_series(strategy, series)
        if strategy.listens and posts is None:
            mend = "Run it where they can be named (backtest --posts FILE), or take these terms out"
            raise UserError("its terms listen to posts, and there are none here", strategy.name, mend)
        self._strategy = strategy
        self._warm = warm
        self._series = series or Series()
        self._scorer = Scorer(strategy, series)
        self._posts = posts if strategy.listens else None
        self._hearing = hearing_of(strategy, self._scorer.windows, self._posts.rows) if self._posts else None
        self._terms = book_terms(strategy)
        self._book = list(new_book(strategy))
        self._rows = [0.0] * (at.FILL * at.MOST_FILLS)
        self._decided: dict[str, object] = {}
        """What the terms said at the bar that decided what is to be filled."""
        self._fills: list[Traded] = []
        self._evidence: list[dict[str, object]] = []
        self._equity: list[float] = []
        self._funded = 1.0 if strategy.market.kind == "perpetual" else 0.0
        self._refused: Counter[str] = Counter()

    def run(self, bars: Bars, label: str, taken: Callable[[int], None] = lambda count: None) -> BacktestResult:
        """Go through all of them; ``taken`` is told how many there were so far, and may raise to end it.

        Raises ``ValueError`` where there is no bar.
        """
        last, posts = len(bars) - 1, self._posts
        for index, candle in enumerate(bars.candles()):
            self._take(index, candle, last=index == last)
            taken(index + 1)
        strategy = self._strategy
        read = (*((posts.label, posts.digest) if posts else ()), *self._series.versions)
        return BacktestResult(
            strategy=strategy.name,
            version=strategy.version(label, bars.digest, *read),
            data=label,
            posts=posts.label if posts else None,
            heard=self._hearing.posts if self._hearing else 0,
            gaps=gaps_in(bars, strategy.bar),
            conventions=conventions_of(strategy),
            curve=EquityCurve(strategy.capital, strategy.bar, bars.times, tuple(self._equity)),
            fills=tuple(self._fills),
            evidence=tuple(self._evidence),
            both_touched=int(self._book[at.BOTH]),
            counters=dict(self._refused),
            notes=(*self._unheard(bars), *notes_on(strategy, bars, self._scorer.warm_up), *self._series.notes),
            funding=self._paid(bars),
        )

    def _unheard(self, bars: Bars) -> tuple[str, ...]:
        if self._hearing is None or self._posts is None or self._hearing.posts:
            return ()
        if why := other_time(self._posts, bars.candle(0).time, bars.candle(len(bars) - 1).time):
            return (f"{why}, and its terms of posts are idle",)
        return (f"no post about {self._strategy.market.base} was known by the last close: its terms of posts are idle",)

    def take(self, candle: Candle) -> float:
        """One closed bar more, and by far not the last; returns the equity after it."""
        self._take(len(self._equity), candle, last=False)
        return self._equity[-1]

    def hear(self, row: Row) -> None:
        """One more row of the stream that its terms listen to, which goes on while the bars do."""
        if self._hearing is not None:
            self._hearing.hear(row)

    @property
    def fills(self) -> Sequence[Traded]:
        """All so far."""
        return self._fills

    @property
    def book(self) -> tuple[float, ...]:
        """What another one goes on from, by ``resume``, once it has read the same bars."""
        return tuple(self._book)

    def resume(self, book: Sequence[float]) -> None:
        """Trade from the next bar on, from a book as it stood; the bars so far have been read and not traded."""
        self._book[:] = book
        self._warm = len(self._equity)

    def _take(self, index: int, candle: Candle, *, last: bool) -> None:
        book, terms, rows, scorer = self._book, self._terms, self._rows, self._scorer
        if index < self._warm:
            scorer.update(candle, heard_by(self._hearing, candle))
            self._equity.append(steps.equity(book, candle.close))
            return
        stale = scorer.breaks_off(candle.time)
        prices = candle.open, candle.high, candle.low, candle.volume, self._funded * candle.funding
        steps.before_close(book, terms, rows, *prices, stale)
        written = self._write(index, 0)
        scorer.update(candle, heard_by(self._hearing, candle))
        book[at.VOLATILITY] = scorer.volatility
        rested = book[at.REST]
        steps.at_close(book, terms, rows, candle.close, *scorer.asks, last)
        if rested == 0 and (book[at.PENDING] or book[at.REST] or int(book[at.FILLS]) > written):
            self._decided = scorer.because()
        self._write(index, written)
        if book[at.REFUSED]:
            self._refused[Refusal(int(book[at.REFUSED])).name.lower()] += 1
        self._equity.append(steps.equity(book, candle.close))

    def _paid(self, bars: Bars) -> float | None:
        """The funding of the whole run, in quote; None where nobody knows it or there is none."""
        if self._strategy.market.kind != "perpetual" or bars.funding is None:
            return None
        return sum(fill.funding for fill in self._fills) + self._book[at.FUNDING]

    def _write(self, index: int, written: int) -> int:
        """Take down the fills of this bar from the one of that number on; returns how many there are."""
        count = int(self._book[at.FILLS])
        for number in range(written, count):
            row = self._rows[at.FILL * number : at.FILL * (number + 1)]
            reason = Reason(int(row[at.REASON]))
            self._fills.append(self._traded(index, row, reason))
            self._evidence.append(self._decided if reason.decided else {})
        return count

    def _traded(self, index: int, row: list[float], reason: Reason) -> Traded:
        side, quantity, price, fee = row[at.SIDE], row[at.QUANTITY], row[at.PRICE], row[at.PAID]
        in_coins = self._terms[at.FEE_IN_BASE] > 0 and side > 0
        return Traded(
            bar=index,
            side=Side.BUY if side > 0 else Side.SELL,
            quantity=quantity,
            price=price,
            fee=fee,
            cash=-side * quantity * price - (0.0 if in_coins else fee) - row[at.FUNDED],
            position=row[at.AFTER],
            because=reason.name.lower(),
            funding=row[at.FUNDED],
        )
