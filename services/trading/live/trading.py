"""What a strategy asks of the account at each closed bar."""

from collections import deque
from datetime import datetime
from decimal import Decimal

from services.core.durations import format_duration
from services.core.effects import Refused
from services.core.errors import in_words
from services.core.process.context import Context
from services.trading.candles import Candle
from services.trading.desk.door import Door, NobodyThere
from services.trading.live.decided_by import DecidedBy
from services.trading.live.entry import entry, exact
from services.trading.live.equipment import Equipment
from services.trading.live.leaving import Leaving, kept
from services.trading.live.reading import Reading
from services.trading.live.shown import Shown
from services.trading.live.standing import Standing, standing_of
from services.trading.venue.live_bar import LiveBar

HIGHS = 50_000
"""Bars whose highs are remembered; of a position that is older the account knows the highest."""


class Trading:
    """One strategy on its market. ``begins`` is whether it enters anything, or leaves what it opened and ends;
    ``instead`` is why no other may begin then, where none may."""

    def __init__(
        self, context: Context, by: DecidedBy, equipment: Equipment, begins: bool = True, instead: str = ""
    ) -> None:
        self.by, self.strategy, self.begins, self.instead = by, by.strategy, begins, instead
        strategy = by.strategy
        self.reading = Reading(strategy, by.equipped(equipment))
        self._shown = Shown(context, strategy, self.reading, equipment)
        self._context: Context = context
        self._door: Door = equipment.door
        self._highs: deque[tuple[datetime, float]] = deque(maxlen=HIGHS)
        self._latest: deque[datetime] = deque(maxlen=strategy.cool_down + 1)
        self.leaving = Leaving.recalled(context.position)
        """An exit that was decided, until there is nothing left of what it was decided for."""

    def remember(self, candle: Candle) -> None:
        """A bar of the past: nothing is asked by it."""
        self.reading.remember(candle)
        self._shown.remember(candle)
        self._note(candle)

    def warmed(self) -> None:
        """All of the past is remembered: what closes from here on is traded by."""
        self._shown.begin()

    def take(self, bar: LiveBar) -> None:
        """A bar that closed: read it, and ask the account for what it says, once."""
        late = bar.late(self.strategy.signal_age)
        self.reading.take(bar.candle, self._context.checkpoint, late=late)
        self._note(bar.candle)
        self._context.sample(f"trading.price:{self._context.name}", bar.candle.close)
        if late:
            age, opened = format_duration(bar.age), f"{bar.candle.time:%Y-%m-%d %H:%M} UTC"
            self._context.log.info("the bar of %s came %s late: nothing is sent by it", opened, age)
            self.press()
        elif self.reading.rule.leaves or self.reading.rule.enters or self.leaving or self.strategy.trailing is not None:
            self._ask(bar)
        self._shown.take(bar.candle)  # money first

    def press(self) -> None:
        """Ask again for an exit that was decided before and is not carried out yet."""
        if self.leaving is not None and (standing := self.standing()) is not None:
            self._leave(standing)

    def standing(self) -> Standing | None:
        """How the bot stands; None where the account process cannot tell now."""
        try:
            return self._door.ask(lambda desk: standing_of(desk, self._context.name, self.strategy))
        except (NobodyThere, Refused) as nobody:
            self._context.log.warning("nothing is asked: %s", in_words(nobody))
            return None

    def _note(self, candle: Candle) -> None:
        self._highs.append((candle.time, candle.high))
        self._latest.append(candle.time)

    def _ask(self, bar: LiveBar) -> None:
        standing, rule = self.standing(), self.reading.rule
        if rule.leaves and self.leaving is None and (standing is None or standing.busy):
            self._want(self._exit(bar))
        if standing is None or self._leave(standing):
            return
        if standing.opened and standing.trails:
            self._raise_stop(standing, bar)
        if rule.enters and self._may_enter(standing, bar):
            wish = entry(self.by, self._context.name, bar, standing.free, rule.volatility)
            self._context.act(wish, because=rule.because())

    def _exit(self, bar: LiveBar) -> Leaving:
        rule, symbol = self.reading.rule, self.strategy.market.symbol
        return Leaving.decided(self._context.name, symbol, bar, f"score {rule.score:g}", rule.because())

    def _want(self, leaving: Leaving | None) -> None:
        self.leaving = leaving
        self._context.position = kept(leaving)

    def _leave(self, standing: Standing) -> bool:
        """Have the exit that is wanted taken on; tells whether one is."""
        if self.leaving is None:
            return False
        if not self.leaving.concerns(standing):
            self._want(None)
            return False
        if not standing.leaving:
            self._hand_over(self.leaving)
        return True

    def _hand_over(self, leaving: Leaving) -> None:
        """To the account first, whose own ledger keeps it: what ends a position waits for no disk of the program."""
        effect = leaving.effect
        self._context.beat()  # a run that was given up meanwhile asks nothing more
        try:
            taken = self._door.ask(
                lambda desk: desk.leave(effect.bot, effect.symbol, effect.cause, effect.why, effect.bot)
            )
        except (NobodyThere, Refused) as nobody:
            self._context.log.warning("its exit is not taken on now, and is asked for again: %s", in_words(nobody))
            return
        if taken:
            self._context.act(effect, because=leaving.because)

    def _may_enter(self, standing: Standing, bar: LiveBar) -> bool:
        """As in a backtest: not before it is warm, nor in the bar of a stop or of a limit given up, nor while it cools
        down, nor by a volatility that nobody knows."""
        close = bar.candle.time + bar.timeframe
        if not self.begins or self.reading.cold or standing.busy or standing.held_at(close):
            return False
        if standing.stopped_in(bar) or standing.gave_up_in(bar):
            return False
        if self.strategy.cool_down and standing.cools(self._latest[0]):
            return False
        if self.strategy.sizing.volatility is not None and self.reading.rule.volatility < 0:
            self._context.log.info("nothing is entered: the volatility is not known yet")
            return False
        return True

    def _raise_stop(self, standing: Standing, bar: LiveBar) -> None:
        """Tell the account the highest price of the position's bars; it moves the stop, never down."""
        own = [high for opened, high in self._highs if standing.counts(opened, bar.timeframe)]
        bot, symbol = self._context.name, self.strategy.market.symbol
        price = exact(max(own, default=0.0))
        if price > Decimal(0):
            self._tell(bot, symbol, price, bar.candle.time)

    def _tell(self, bot: str, symbol: str, price: Decimal, bar: datetime) -> None:
        try:
            self._door.ask(lambda desk: desk.saw_high(bot, symbol, price, bar))
        except (NobodyThere, Refused) as nobody:
            self._context.log.warning("its stop is not moved now: %s", in_words(nobody))
