"""A backtest: the steps of a strategy's terms and of its book, bar after bar."""

from collections.abc import Callable

from services.trading.backtest.result import Filled, Refused, Told
from services.trading.candles import Bars, Candle
from services.trading.fills import Side
from services.trading.scoring.book_terms import book_terms, new_book
from services.trading.scoring.reasons import Reason, Refusal
from services.trading.scoring.scorer import Scorer
from services.trading.steps import book as steps
from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy


class Backtest:
    """One strategy over bars, each taken once and in order."""

    def __init__(self, strategy: Strategy) -> None:
        self.scorer = Scorer(strategy)
        self.told = Told(strategy.capital)
        self._terms = book_terms(strategy)
        self._book = list(new_book(strategy))
        self._fills = [0.0] * (at.FILL * at.MOST_FILLS)
        self._because: dict[str, object] = {}

    def run(self, bars: Bars, taken: Callable[[int], None] = lambda count: None) -> Told:
        """Go through all of them; ``taken`` is told how many there were so far, and may raise to end it."""
        last = len(bars) - 1
        for index, candle in enumerate(bars.candles()):
            self._take(index, candle, last=index == last)
            taken(index + 1)
        self.told.both_touched, self.told.fees = int(self._book[at.BOTH]), self._book[at.FEES]
        return self.told

    def _take(self, index: int, candle: Candle, *, last: bool) -> None:
        book, terms, fills, scorer = self._book, self._terms, self._fills, self.scorer
        before = self._because
        steps.begin(book)
        steps.opening(book, terms, fills, candle.open, scorer.breaks_off(candle.time))
        steps.within(book, terms, fills, candle.open, candle.high, candle.low, candle.volume)
        of_before = int(book[at.FILLS])
        scorer.update(candle)
        steps.closing(book, terms, fills, candle.close, scorer.enters, scorer.leaves, last)
        if book[at.PENDING] or int(book[at.FILLS]) > of_before:
            self._because = scorer.because()
        for number in range(int(book[at.FILLS])):
            self._write(index, candle, number, before if number < of_before else self._because)
        if book[at.REFUSED]:
            self.told.refused.append(Refused(candle.time, Refusal(int(book[at.REFUSED]))))
        self.told.equity.append(steps.equity(book, candle.close))
        self.told.held.append(book[at.OPEN] > 0)

    def _write(self, index: int, candle: Candle, number: int, because: dict[str, object]) -> None:
        side, quantity, price, fee, code = self._fills[at.FILL * number : at.FILL * (number + 1)]
        reason = Reason(int(code))
        self.told.fills.append(
            Filled(
                index,
                candle.time,
                Side.BUY if side > 0 else Side.SELL,
                quantity,
                price,
                fee,
                reason,
                because if reason is Reason.SIGNAL else {},
            )
        )
