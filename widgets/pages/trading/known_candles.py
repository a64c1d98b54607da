"""The candles of the bots: asked for once, kept for a while, and shown no further than the bot has come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.trading.chart.charted import Charted
from services.trading.chart.marked import marked
from widgets.states.trading.bots import BotState, CandlesAsk

_KEPT = 4
"""Bots whose candles are kept in memory while another is looked at."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """There are no candles to show, and why; ``failed`` where they cannot be read."""

    why: str
    failed: bool = False


class KnownCandles:
    """``wanted`` is told which candles have to be read; ``answer`` brings them."""

    def __init__(self, wanted: Callable[[CandlesAsk], None]) -> None:
        self._wanted = wanted
        self._asked: CandlesAsk | None = None
        self._read: OrderedDict[CandlesAsk, Charted | str] = OrderedDict()
        self._known: Charted | None = None
        self._cut: Charted | None = None
        """Of which the known part was given."""

    def ask_again(self) -> None:
        """Nobody could answer before: the next look asks once more."""
        self._asked = None

    def answer(self, ask: CandlesAsk, charted: Charted | None, error: str) -> None:
        """What was asked for, or why it cannot be had."""
        self._read[ask] = charted if charted is not None else error
        while len(self._read) > _KEPT:
            self._read.popitem(last=False)
        if self._asked == ask:
            self._asked = None

    def of(self, bot: BotState) -> Charted | NotKnown:
        """Those that the bot has taken, up to the bar of its newest fill at least; the same object for the same ones.

        Asks for them where they have not been read yet.
        """
        found = self._found(bot)
        if isinstance(found, Charted):
            fills = bot.tape.of_session[-1:] if bot.tape is not None else ()
            found = self._until(found, max(bot.taken, *(mark.bar + 1 for mark in marked(found, fills)), 0))
            if not found.count:
                found = NotKnown("No candle taken yet in this session")
        self._known = found if isinstance(found, Charted) else None
        return found

    def _found(self, bot: BotState) -> Charted | NotKnown:
        ask = bot.ask
        if ask is None:
            return NotKnown("No candle yet: the bot has not begun to trade")
        found = self._read.get(ask)
        if found is None:
            if self._asked != ask:
                self._asked = ask
                self._wanted(ask)
            found = self._before(ask)
        if found is None:
            return NotKnown("Reading the candles…")
        return NotKnown(found, failed=True) if isinstance(found, str) else found

    def _before(self, ask: CandlesAsk) -> Charted | str | None:
        """The newest that is known of the same session on live bars, while what came since is read."""
        known = (each for each in reversed(self._read) if ask.upto and replace(each, upto=ask.upto) == ask)
        return next((self._read[each] for each in known), None)

    def _until(self, found: Charted, count: int) -> Charted:
        """The same object for the same candles: what is equal is not drawn again."""
        before = self._known
        if before is None or self._cut is not found or before.count != min(count, found.count):
            self._cut = found
            return found.until(count)
        return before
