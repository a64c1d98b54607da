"""Trades one strategy on a live market: closed bars in, wishes to the account process out. It holds no key."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

from services.core.durations import seconds
from services.core.effects import Outcome, Refused
from services.core.errors import UserError, in_words
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.trading.candles import Candle
from services.trading.desk.asking import EnterPosition, LeavePosition
from services.trading.desk.desk import Desk
from services.trading.desk.door import Door, NobodyThere
from services.trading.language.execution import Limit
from services.trading.language.terms import PluginTerm
from services.trading.scoring.scorer import Scorer
from services.trading.strategy import Strategy, load_strategy
from services.trading.venue.live_bar import LiveBar, Source
from services.trading.venue.polled_bars import PolledBars
from services.trading.venue.streamed_bars import Stream, StreamedBars
from services.trading.venue.venue import VenueRefused, VenueUnsure

T = TypeVar("T")

MEMORY = 20
"""Times the longest span of any term: so much is read before the first decision, and then live is as a backtest."""
AGAIN = 5.0
"""Seconds before an exchange that cannot be asked is asked again."""


class Feed(Protocol):
    """What passes on a market's closed bars, each once and in order."""

    def next(self, pause: Callable[[float], None]) -> list[LiveBar]:
        """Those that closed by now, after a ``pause`` until it makes sense to ask."""
        ...

    def stale(self) -> bool: ...


@dataclass(frozen=True)
class Equipment:
    """The live parts that a trader is given: the account's door, whom to ask for bars, and who streams them."""

    door: Door
    source: Callable[[], Source]
    stream: Callable[[str, timedelta], Stream]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bot stands in the account: whether it holds anything, is about to, and what it may spend."""

    opened: bool
    busy: bool
    free: Decimal
    stopped: datetime | None
    """When its latest stop was filled."""

    def stopped_in(self, bar: LiveBar) -> bool:
        """Whether a stop was met within the bar: as in a backtest, that bar enters nothing."""
        return self.stopped is not None and bar.candle.time <= self.stopped < bar.candle.time + bar.timeframe


class LiveTrader(Process):
    """Acts once on each closed bar; one that was received too late is remembered, and nothing is sent by it.

    ``strategy`` is a YAML file; ``stream`` has the exchange tell bars by itself instead of being asked for them.
    """

    service = "trading"
    isolation = Isolation.THREAD
    heartbeat = seconds(60)
    goes_on = True
    parallel = False

    strategy: str
    stream: bool = False

    def __post_init__(self) -> None:
        self._equipment: Equipment | None = None

    def equip(self, equipment: Equipment) -> None:
        """Given by the program to each that was built, where an account is set."""
        self._equipment = equipment

    def run(self, context: Context) -> None:
        strategy, equipment = self._configured(), self._equipped()
        with closing(equipment.source()) as source:
            self._follow(context, strategy, equipment, source)

    def _follow(self, context: Context, strategy: Strategy, equipment: Equipment, source: Source) -> None:
        trading = Trading(context, strategy, equipment.door)
        last = self._warmed(context, source, trading)
        symbol, bar = strategy.market.symbol, strategy.bar
        if not self.stream:
            self._trade(context, trading, PolledBars(source, symbol, bar, last))
        with closing(equipment.stream(symbol, bar)) as stream:
            self._trade(context, trading, StreamedBars(source, stream, symbol, bar, last))

    def _trade(self, context: Context, trading: "Trading", feed: Feed) -> NoReturn:
        """Bar after bar, until it is told to end."""
        strategy = trading.strategy
        while True:
            for bar in _patiently(context, feed.next):
                trading.take(bar)
            stale = "; no bar comes any more" if feed.stale() else ""
            context.doing(f"{strategy.market.symbol}, live, bars of {strategy.timeframe}{stale}")
            context.checkpoint()

    def _configured(self) -> Strategy:
        """Raises ``ConfigurationFault`` in the words of the mistake: a restart would not mend it."""
        try:
            strategy = load_strategy(Path(self.strategy))
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake
        if lacks := list(_lacks(strategy)):
            raise ConfigurationFault(f"{self.strategy}: {', '.join(lacks)} is not traded live yet: leave it out")
        return strategy

    def _equipped(self) -> Equipment:
        if self._equipment is None:
            raise ConfigurationFault("no account is set: trading.exchange, trading.api_key and trading.api_secret")
        return self._equipment

    def _warmed(self, context: Context, source: Source, trading: "Trading") -> datetime:
        """Read what the terms remember; tells the last bar of it, after which the feed goes on."""
        strategy = trading.strategy
        context.doing("reading what the terms remember")

        def read(pause: Callable[[float], None]) -> list[Candle]:
            return source.bars(strategy.market.symbol, strategy.bar, source.now() - trading.memory * strategy.bar)

        candles = _patiently(context, read)
        if len(candles) < 2:
            raise ConfigurationFault(f"{strategy.market.symbol} has no bars of {strategy.timeframe} yet")
        for candle in candles[:-1]:
            trading.remember(candle)
        return candles[-2].time


class Trading:
    """The strategy's terms at the latest bar, and what they ask of the account."""

    def __init__(self, context: Context, strategy: Strategy, door: Door) -> None:
        self.strategy = strategy
        self._context, self._door = context, door
        self._rule = Scorer(strategy)
        self.memory = MEMORY * self._rule.longest + self._rule.warm_up

    def remember(self, candle: Candle) -> None:
        """A bar of the past: nothing is asked by it."""
        self._rule.update(candle, late=True)

    def take(self, bar: LiveBar) -> None:
        """A bar that closed: read it, and ask the account for what it says, once."""
        late = bar.late(self.strategy.signal_age)
        self._rule.update(bar.candle, late=late)
        self._context.sample(f"trading.price:{self._context.name}", bar.candle.close)
        if late:
            self._context.log.info("the bar of %s came %s late: nothing is sent by it", bar.candle.time, bar.age)
        if self._rule.leaves or self._rule.enters:
            self._ask(bar)

    def _ask(self, bar: LiveBar) -> Outcome | None:
        try:
            standing = self._door.ask(lambda desk: standing_of(desk, self._context.name, self.strategy))
        except (NobodyThere, Refused) as nobody:
            self._context.log.warning("nothing is asked: %s", in_words(nobody))
            return None
        if self._rule.leaves and standing.busy:
            return self._context.act(self._leaving(bar), because=self._rule.because())
        if self._rule.enters and not standing.busy and not standing.stopped_in(bar):
            return self._context.act(self._entering(bar, standing.free), because=self._rule.because())
        return None

    def _leaving(self, bar: LiveBar) -> LeavePosition:
        why = f"score {self._rule.score:g}"
        return LeavePosition(self._context.name, self.strategy.market.symbol, bar.candle.time.isoformat(), why)

    def _entering(self, bar: LiveBar, free: Decimal) -> EnterPosition:
        strategy, close = self.strategy, Decimal(str(bar.candle.close))
        sizing, stop, limit = strategy.sizing, strategy.stop, strategy.limit or Limit()
        tick, offset = _exact(strategy.market.tick), limit.offset
        away = offset.ticks * tick / close + _exact(offset.percent) / 100
        return EnterPosition(
            bot=self._context.name,
            symbol=strategy.market.symbol,
            cause=bar.candle.time.isoformat(),
            capital=_exact(strategy.capital),
            budget=_exact(sizing.fixed) if sizing.fixed is not None else free * _exact(sizing.share),
            stop=None,
            until=bar.candle.time + bar.timeframe + strategy.signal_age,
            offset=away if strategy.limit else None,
            reprice_after=limit.patience(strategy.bar).total_seconds(),
            times=limit.times,
            then=limit.then,
            stop_share=_exact(stop.percent) / 100 if stop else None,
        )


def standing_of(desk: Desk, bot: str, strategy: Strategy) -> Standing:
    """In the account's thread. A bot that was given nothing yet may spend its capital."""
    key, symbol = (bot, strategy.market.symbol), strategy.market.symbol
    given = desk.book.capital.get(bot)
    free = desk.watching.valuing.free(desk.book, bot, symbol) if given else _exact(strategy.capital)
    own = (order for order in desk.book.orders.values() if (order.bot, order.symbol) == key)
    stopped = max((fill.at for order in own if order.cause.startswith("stop/") for fill in order.fills), default=None)
    return Standing(desk.book.holding(*key).opened, key in desk.book.positions(), free, stopped)


def _patiently(context: Context, ask: Callable[[Callable[[float], None]], list[T]]) -> list[T]:
    """What is asked of the exchange, again and again while it cannot be asked."""
    while True:
        try:
            return ask(lambda pause: context.wait(pause, "the next bar"))
        except VenueUnsure as unsure:
            context.log.warning("the exchange cannot be asked for bars: %s", in_words(unsure))
            context.wait(AGAIN, f"the exchange: {in_words(unsure)}")
        except VenueRefused as refused:
            raise ConfigurationFault(str(refused)) from refused


def _lacks(strategy: Strategy) -> Iterator[str]:
    """What the account process does not keep: left out in silence, it would be worse than refused."""
    asked = {
        "market: {kind: perpetual}": strategy.market.kind != "spot",
        "short": strategy.short is not None,
        "target": strategy.target is not None,
        "trailing": strategy.trailing is not None,
        "cool_down": strategy.cool_down > 0,
        "sizing: {volatility}": strategy.sizing.volatility is not None,
        "a term of posts": strategy.listens,
        "a term of a plugin": any(isinstance(term, PluginTerm) for term in strategy.terms.values()),
        "fill: close": strategy.fill == "close",
    }
    return (name for name, said in asked.items() if said)


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
