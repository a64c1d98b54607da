"""Each trading bot in a few numbers, folded from the journal."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.core.events import Event, Recorded
from services.core.projections.projection import Projection
from services.trading.events import Filled, SessionEnded, SessionStarted

_REMEMBERED = timedelta(days=1)
_MOST_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class BotKpis:
    """One bot as of its latest event; between fills the samples ``trading.*:NAME`` are newer."""

    bot: str
    strategy: str
    market: str
    label: str
    """What its candles are; shown beside the numbers."""
    session: int
    equity: float
    pnl_percent: float = 0.0
    trades: int = 0
    fills: int = 0
    last_price: float | None = None
    ended: bool = False
    began: datetime | None = None
    """When the session began: a replay that begins anew starts from its first candle and its whole capital."""
    anew: tuple[datetime, ...] = ()
    """When sessions after the first began, oldest first: the latest of the day before the newest."""


class TradingKpis(Projection[dict[str, BotKpis], tuple[BotKpis, ...]]):
    """The trading bots by name."""

    name = "trading.kpis"
    version = 2
    State = dict[str, BotKpis]
    handles = (SessionStarted, Filled, SessionEnded)

    def value(self) -> tuple[BotKpis, ...]:
        return tuple(self.state[name] for name in sorted(self.state))

    def fold(self, recorded: Recorded) -> None:
        """Take one event; those of other kinds change nothing."""
        event, bot = recorded.event, recorded.source
        if isinstance(event, SessionStarted):
            told = BotKpis(bot, event.strategy, event.market, event.label, event.session, equity=event.capital)
            self.state[bot] = replace(told, began=recorded.at, anew=_anew(self.state.get(bot), recorded.at))
        elif bot in self.state and (step := _STEPS.get(type(event))):
            self.state[bot] = step(self.state[bot], event)


def _anew(before: BotKpis | None, at: datetime) -> tuple[datetime, ...]:
    """The beginnings that are remembered once another is at ``at``; the first of all is none anew."""
    if before is None:
        return ()
    return (*(each for each in before.anew if each > at - _REMEMBERED), at)[-_MOST_REMEMBERED:]


def _filled(kpis: BotKpis, event: Event) -> BotKpis:
    assert isinstance(event, Filled)
    return replace(
        kpis,
        equity=event.equity,
        pnl_percent=event.pnl_percent,
        trades=event.trades,
        fills=kpis.fills + 1,
        last_price=event.price,
    )


def _ended(kpis: BotKpis, event: Event) -> BotKpis:
    assert isinstance(event, SessionEnded)
    return replace(
        kpis,
        equity=event.equity,
        pnl_percent=event.pnl_percent,
        trades=event.trades,
        fills=event.fills,
        last_price=event.last_price,
        ended=True,
    )


_STEPS: dict[type[Event], Callable[[BotKpis, Event], BotKpis]] = {Filled: _filled, SessionEnded: _ended}
