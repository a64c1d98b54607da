"""Trades one strategy on a live market: closed bars in, wishes to the account process out. It holds no key."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from services.core.durations import seconds
from services.core.effects import Refused
from services.core.errors import UserError, in_words
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.trading.candles import Candle
from services.trading.desk.desk import Desk
from services.trading.desk.door import NobodyThere
from services.trading.desk.events import EntryAsked
from services.trading.live.decided_by import DecidedBy
from services.trading.live.equipment import Equipment, Feed
from services.trading.live.refusals import refusals, unprotected
from services.trading.live.standing import opened_with
from services.trading.live.trading import Trading
from services.trading.own_file import own_file
from services.trading.scoring.history import lacking_history, thin_history
from services.trading.strategy import Strategy, load_strategy
from services.trading.venue.live_bar import Source
from services.trading.venue.polled_bars import PolledBars
from services.trading.venue.streamed_bars import StreamedBars
from services.trading.venue.venue import VenueRefused, VenueUnsure

T = TypeVar("T")

AGAIN = 5.0
"""Seconds before an exchange that cannot be asked is asked again."""
YOUNG = 60.0
"""At most between two looks at a market that has no bars yet."""


class LiveTrader(Process):
    """Acts once on each closed bar; one that was received too late is remembered, and nothing is sent by it.

    ``strategy`` is a YAML file; ``stream`` has the exchange tell bars by itself instead of being asked for them. What
    is held is left by the strategy that opened it: a changed file counts from the next entry on. So it is where the
    file is gone, or has become what is not traded live: then nothing is bought any more, also of what was asked for
    before, and the mistake ends the process once it is flat. Nothing is entered before there are bars enough for every
    term to speak.
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
        equipment = self._equipped()
        strategy = self._configured(context, equipment)
        if lacking := unprotected(strategy):
            context.log.warning("%s is traded live %s: only its score leaves a position", strategy.name, lacking)
        equipment.tell_unprotected(context.name, bool(lacking))
        while True:
            self._follow(context, _begun(context, strategy, equipment), equipment)

    def _configured(self, context: Context, equipment: Equipment) -> Strategy:
        """Raises ``ConfigurationFault`` where the file is none to trade by, once nothing is held any more."""
        try:
            return self._strategy(equipment)
        except ConfigurationFault as fault:
            mistake, told = fault, in_words(fault)
        context.log.error("nothing is entered: %s", told)
        _ask(context, equipment, lambda desk: desk.give_up(context.name, told), told)
        while (former := _former(context, None, equipment, told)) is not None:
            context.log.warning("what it holds is left by the exits it was opened with")
            self._follow(context, Trading(context, former, equipment, begins=False, instead=told), equipment)
        raise mistake

    def _follow(self, context: Context, trading: Trading, equipment: Equipment) -> None:
        symbol, bar = trading.strategy.market.symbol, trading.strategy.bar
        with closing(equipment.source()) as source:
            last = self._warmed(context, source, trading)
            if not self.stream:
                self._trade(context, trading, PolledBars(source, symbol, bar, last), equipment)
                return
            with closing(equipment.stream(symbol, bar)) as stream:
                self._trade(context, trading, StreamedBars(source, stream, symbol, bar, last), equipment)

    def _trade(self, context: Context, trading: Trading, feed: Feed, equipment: Equipment) -> None:
        """Bar after bar, until it is told to end; one that begins nothing, or not yet, until it holds nothing."""
        while (trading.begins and not trading.reading.cold) or _holds(trading):
            what = f"the next bar of {_told(trading, feed)}"
            for bar in _patiently(context, feed.next, what, trading):
                if trading.begins and _repaired(trading, equipment) and not _holds(trading):
                    context.log.info("a plug-in of it was changed: it begins anew with that")
                    return
                try:
                    trading.take(bar)
                except UserError as mistake:
                    raise ConfigurationFault(str(mistake)) from mistake
            context.doing(_told(trading, feed))
            context.checkpoint()
        if not trading.begins and not trading.instead:
            context.log.info("its position is left by the exits it was opened with: the changed strategy begins")

    def _strategy(self, equipment: Equipment) -> Strategy:
        """Raises ``ConfigurationFault`` in the words of the mistake: a restart would not mend it."""
        try:
            strategy = load_strategy(Path(self.strategy))
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake
        if lacks := list(refusals(strategy, equipment)):
            raise ConfigurationFault(f"{own_file(self.strategy)} is not traded live: {'; '.join(lacks)}")
        return strategy

    def _equipped(self) -> Equipment:
        if self._equipment is None:
            raise ConfigurationFault("no account is set: trading.exchange, trading.api_key and trading.api_secret")
        return self._equipment

    def _warmed(self, context: Context, source: Source, trading: Trading) -> datetime:
        """Read what the terms remember; tells the last bar of it, after which the feed goes on."""
        strategy = trading.strategy
        context.doing("reading what the terms remember")
        standing = trading.standing()

        def read(pause: Callable[[float], None]) -> list[Candle]:
            since = source.now() - trading.reading.memory * strategy.bar
            bought = standing.bought if standing else None
            return source.bars(strategy.market.symbol, strategy.bar, min(since, (bought or since) - strategy.bar))

        what = f"the first bars of {strategy.market.symbol}"
        while len(candles := _patiently(context, read, what, trading)) < 2 or _too_few(trading, len(candles) - 1):
            lacks = f"{strategy.name} {lacking_history(strategy, max(0, len(candles) - 1))} of {strategy.timeframe}"
            since = f", since {candles[0].time:%Y-%m-%d %H:%M} UTC" if candles else ""
            _wait(context, min(strategy.bar.total_seconds(), YOUNG), f"{what}: {lacks}{since}", trading)
        past = candles[:-1]
        if told := lacking_history(strategy, len(past)):
            context.log.warning("nothing is entered: %s %s", strategy.name, told)
        elif told := thin_history(strategy, len(past)):
            context.log.warning("%s", told)
        for candle in past:
            trading.remember(candle)
        trading.warmed()
        return past[-1].time


def _too_few(trading: Trading, bars: int) -> bool:
    """Whether nothing is begun with so few; what is held is left by what there is."""
    return trading.begins and bool(lacking_history(trading.strategy, bars)) and not _holds(trading)


def _begun(context: Context, strategy: Strategy, equipment: Equipment) -> Trading:
    """By the strategy of the file and its plug-ins as they are, or by what opened what is held, until that is flat.

    Raises ``ConfigurationFault`` where a plug-in may not run and nothing is held that another version has opened.
    """
    by, fault = None, ""
    try:
        by = DecidedBy.now(strategy, equipment)
    except UserError as mistake:
        fault = str(mistake)
    former = _former(context, by, equipment, fault)
    if former is not None:
        return Trading(context, former, equipment, begins=False, instead=fault)
    if by is None:
        raise ConfigurationFault(fault)
    return Trading(context, by, equipment)


def _repaired(trading: Trading, equipment: Equipment) -> bool:
    """Whether a plug-in of it was changed since it began: the new version counts from the next entry on."""
    if not trading.by.plugins:
        return False
    try:
        return DecidedBy.now(trading.strategy, equipment) != trading.by
    except UserError:  # told where it is begun anew
        return True


def _former(context: Context, by: DecidedBy | None, equipment: Equipment, besides: str = "") -> DecidedBy | None:
    """What decided on what is held, where that is another strategy or another version of its plug-ins: it leaves what
    it opened. Where that cannot be had any more it is held, and a person is told: its stop and its target go on."""
    asked = _opened_with(context, equipment, besides)
    if asked is None or not asked.terms:
        return None
    former = DecidedBy.from_json(asked.terms)
    while former is None or (told := _not_to_be_had(former, equipment)):
        told = "a strategy that cannot be read any more" if former is None else told
        context.found_amiss(f"{asked.symbol} was opened by {told}: 'close {context.name}' sells it")
        context.wait(AGAIN, "; ".join(filter(None, (context.outcome, besides))))
        asked = _opened_with(context, equipment, besides)
        if asked is None:
            context.found_amiss("")
            return None
        former = DecidedBy.from_json(asked.terms)
    context.found_amiss("")
    return None if by is not None and former.is_as(by) else former


def _not_to_be_had(former: DecidedBy, equipment: Equipment) -> str:
    """Why nobody can decide by it any more; empty where that can be done."""
    if list(refusals(former.strategy, equipment)):
        return "a strategy that cannot be read any more"
    lacking = former.lacking(equipment)
    return f"a version of {lacking} that is not kept any more, so its score leaves nothing" if lacking else ""


def _opened_with(context: Context, equipment: Equipment, besides: str) -> EntryAsked | None:
    return _ask(context, equipment, lambda desk: opened_with(desk.book, context.name), besides)


def _ask(context: Context, equipment: Equipment, work: Callable[[Desk], T], besides: str) -> T:
    """Asks the account until it tells: what is held must not be judged by a guess."""
    while True:
        try:
            return equipment.door.ask(work)
        except (NobodyThere, Refused) as nobody:
            context.wait(AGAIN, "; ".join(filter(None, (f"the account: {in_words(nobody)}", besides))))


def _holds(trading: Trading) -> bool:
    """Whether anything of it is under way; true while nobody can tell."""
    standing = trading.standing()
    return standing is None or standing.busy


def _told(trading: Trading, feed: Feed) -> str:
    """In a few words, for the list of processes."""
    strategy, reading = trading.strategy, trading.reading
    told = [f"{strategy.market.symbol}, live, bars of {strategy.timeframe}", unprotected(strategy)]
    told.append("" if trading.begins else "leaving by the strategy that it was opened with")
    told.append(trading.instead and f"nothing is entered: {trading.instead}")
    told.append(reading.cold and f"enters nothing: {strategy.name} {reading.cold}")
    told.append("a target is sold at market" if strategy.target is not None else "")
    told.append("no feed of posts is alive" if reading.deaf else "")
    told.append(reading.unheard)
    told.append(reading.late and f"{reading.late}, so it holds")
    told.append("no bar comes any more" if feed.stale() else "")
    told.append(feed.unfilled and f"what was missed cannot be asked for: {feed.unfilled}")
    return "; ".join(each for each in told if each)


def _wait(context: Context, pause: float, what: str, trading: Trading) -> None:
    """Wait; an exit that is still wanted is asked for again meanwhile."""
    until = context.clock.monotonic() + pause
    while trading.leaving is not None and (left := until - context.clock.monotonic()) > AGAIN:
        context.wait(min(AGAIN, left), what)
        trading.press()
    context.wait(max(0.0, until - context.clock.monotonic()), what)


def _patiently(
    context: Context, ask: Callable[[Callable[[float], None]], list[T]], what: str, trading: Trading
) -> list[T]:
    """What is asked of the exchange, again and again while it cannot be asked: told when that begins and ends."""
    away = False
    while True:
        try:
            answer = ask(lambda pause: _wait(context, pause, what, trading))
        except VenueUnsure as unsure:
            if not away:
                context.log.warning("the exchange cannot be asked for bars: %s", in_words(unsure))
            away = True
            context.wait(AGAIN, f"the exchange: {in_words(unsure)}")
            trading.press()
        except VenueRefused as refused:
            raise ConfigurationFault(str(refused)) from refused
        else:
            if away:
                context.log.info("the exchange answers again")
            return answer
