"""Each challenger in a few numbers, folded from the journal: what learning shows beside the trade."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.core.events import Event, Recorded
from services.core.projections.projection import Projection
from services.core.words import counted
from services.trading.learning.events import ShadowEnded, ShadowLooked, ShadowStarted, ShadowTrade
from services.trading.learning.values import Value


@dataclass(frozen=True, slots=True)
class Challenger:
    """One shadow run as of its latest event; between looks the samples ``trading.shadow.*:PROCESS`` are newer."""

    process: str
    strategy: str
    market: str
    label: str
    """What its candles are; shown beside the numbers."""
    parameters: dict[str, Value]
    replaced: dict[str, Value]
    """What the champion has in their place."""
    capital: float
    windows: int
    deflated: float | None
    """Of all out-of-sample bars as of the latest look: the walk forward's and the shadow run's."""
    trials: int
    began: datetime
    trades: int = 0
    """The challenger's closed ones; and the champion's."""
    champion_trades: int = 0
    profit: float = 0.0
    champion_profit: float = 0.0
    """Of closed trades, in quote."""
    looks: int = 0
    low: float | None = None
    high: float | None = None
    """The bounds of the difference, as of the latest look: the challenger's mean return above the champion's."""
    lacking: tuple[str, ...] | None = None
    """What the latest look found missing; nothing where the promotion is earned, None before the first look."""
    ended: str = ""
    """Why it is over, where it is."""


def missing_for(each: Challenger) -> str:
    """What its promotion wants yet, as far as it was looked at."""
    if each.ended:
        return f"is over: {each.ended}"
    if each.lacking is None:
        return f"was not looked at yet, with {counted(each.trades, 'closed trade')}"
    return f"wants at look {each.looks:,}: {'; '.join(each.lacking) or 'nothing more'}"


class Challengers(Projection[dict[str, Challenger], tuple[Challenger, ...]]):
    """The shadow runs by process."""

    name = "trading.challengers"
    version = 2
    State = dict[str, Challenger]
    handles = (ShadowStarted, ShadowTrade, ShadowLooked, ShadowEnded)

    def value(self) -> tuple[Challenger, ...]:
        return tuple(self.state[name] for name in sorted(self.state))

    def fold(self, recorded: Recorded) -> None:
        """Take one event; those of other kinds change nothing."""
        event, process = recorded.event, recorded.source
        if isinstance(event, ShadowStarted):
            self.state[process] = _begun(process, event, recorded.at)
        elif process in self.state:
            self.state[process] = _after(self.state[process], event)


def _begun(process: str, event: ShadowStarted, at: datetime) -> Challenger:
    return Challenger(
        process,
        event.strategy,
        event.market,
        event.label,
        event.parameters,
        event.replaced,
        event.capital,
        event.windows,
        event.deflated,
        event.trials,
        began=at,
    )


def _after(known: Challenger, event: Event) -> Challenger:
    match event:
        case ShadowTrade(who="challenger"):
            return replace(known, trades=known.trades + 1, profit=known.profit + event.profit)
        case ShadowTrade():
            profit = known.champion_profit + event.profit
            return replace(known, champion_trades=known.champion_trades + 1, champion_profit=profit)
        case ShadowLooked():
            return _looked(known, event)
        case ShadowEnded():
            return replace(known, ended=event.why)
    return known


def _looked(known: Challenger, event: ShadowLooked) -> Challenger:
    known = replace(known, looks=event.look, low=event.low, high=event.high, lacking=tuple(event.lacking))
    if event.trials is None:
        return known
    return replace(known, deflated=event.deflated, trials=event.trials)
