"""One run of a shadow: from wherever the last one had come to, until it is over or there is no bar left."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from services.core.decisions.decision import Proposal
from services.core.process.context import Context
from services.core.words import counted
from services.trading.candles import Candle
from services.trading.feed import Feed
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.events import ShadowEnded, ShadowLooked, ShadowStarted, ShadowTrade
from services.trading.learning.parameters import value_of
from services.trading.learning.promotion import Proven
from services.trading.learning.rewriting import rewritten
from services.trading.learning.shadow import Shadow, ShadowState, Side, Sides
from services.trading.learning.values import Parameters, in_words
from services.trading.scoring.scorer import Scorer
from services.trading.social.post import Row
from services.trading.statistics.moments import Moments
from services.trading.strategy import LIVE, Strategy

NEXT_CANDLE = "the next candle"


class Conditions(Protocol):
    """By what a run goes on, looks and promotes; see ``ShadowTrader``, which has them."""

    until: str
    windows: int
    shape: dict[str, float] | None
    embargo: int | None
    speed: float
    promote: str

    def proven(self, champion: Strategy, label: str, after: Moments = ...) -> Proven:
        """What is shown by now, with the run's returns ``after`` the walk forward's."""
        ...


class Pair:
    """The two, and the file that a promotion would change."""

    def __init__(
        self, champion: Strategy, challenger: Strategy, parameters: Parameters, file: str, before: str
    ) -> None:
        self.champion, self.challenger, self.parameters = champion, challenger, dict(parameters)
        self.file, self.before = file, before
        self.after = rewritten(before, parameters, file)

    @property
    def longest(self) -> int:
        """How far the terms of either look back, in bars."""
        return max(Scorer(each).longest for each in (self.champion, self.challenger))


class ShadowRun:
    """One run, from wherever the last one had come to: its bars are told apart by their time, so a feed may grow.

    ``label`` says what the bars are, ``sides`` what both decide by beside them.
    """

    def __init__(self, context: Context, process: Conditions, pair: Pair, label: str, sides: Sides) -> None:
        self._context, self._process, self._pair, self._label, self._sides = context, process, pair, label, sides
        self._name = pair.champion.name
        self.since = datetime.fromisoformat(process.until)
        self._shadow: Shadow
        self._lacking: tuple[str, ...] = ()
        """What the latest look of this very run found missing."""

    def through(self, feed: Feed) -> None:
        """To the end of a feed; the stored position goes on after its last candle."""
        if not self.begun():
            return
        after = self.last or self.since + embargo_of(self._process.embargo, self._pair)
        left = [candle for candle in feed.candles if candle.time > after]
        self.warm(feed.before(len(feed.candles) - len(left)))
        due = self._context.clock.monotonic()
        for candle in self._context.track(left, doing=self.doing):
            self.take(candle)
            if self.over:
                break
            due = self._pace(due)
        self._context.outcome = self._told()

    @property
    def _origin(self) -> str:
        """``live``, ``recorded`` or ``generated``."""
        return self._label.partition(":")[0]

    @property
    def doing(self) -> str:
        return f"in the shadow of {self._name}, {self._label}"

    def begun(self) -> bool:
        """Begin, or go on; False where there is nothing to run."""
        if self._pair.champion == self._pair.challenger:
            self._context.outcome = f"{self._name} trades with {in_words(self._pair.parameters)} already"
            return False
        pair, resumed = self._pair, self._resumed()
        state = resumed or ShadowState.begun(self._version, pair.champion, pair.challenger)
        self._shadow = Shadow(pair.champion, pair.challenger, state, sides=self._sides)
        if resumed is None:
            self._tell_the_start(state)
        elif state.spent:
            self._end()
            self._context.outcome = self._told()
        return not self.over

    @property
    def over(self) -> bool:
        """Whether it has come to its end, and no bar changes anything any more."""
        return bool(self._shadow.state.ended)

    @property
    def last(self) -> datetime | None:
        """The open of the latest bar that was taken."""
        return self._shadow.state.last

    def warm(self, candles: Iterable[Candle]) -> None:
        """Read the bars from before."""
        for candle in candles:
            self._shadow.warm(candle)

    def hear(self, row: Row) -> None:
        """What was posted since, for both."""
        self._shadow.hear(row)

    @property
    def _version(self) -> str:
        """Another one of anything begins another run."""
        pair, process = self._pair, self._process
        found = f"{process.windows} {process.shape}"
        return pair.champion.version(pair.challenger.version(), process.until, found, *self._sides.versions)

    def _resumed(self) -> ShadowState | None:
        state = ShadowState.of(self._context.position)
        if state is None or state.version == self._version:
            return state
        self._context.emit(ShadowEnded(self._name, "the champion or the challenger is another one now"))
        return None

    def _tell_the_start(self, state: ShadowState) -> None:
        pair = self._pair
        proven = self._process.proven(pair.champion, self._label)
        self._context.emit(
            ShadowStarted(
                strategy=self._name,
                market=pair.champion.market.symbol,
                label=self._label,
                parameters=pair.parameters,
                replaced={key: value_of(pair.champion, key) for key in pair.parameters},
                capital=pair.champion.capital,
                windows=proven.windows,
                deflated=proven.deflated,
                trials=proven.trials,
                since=self.since,
            )
        )
        self._context.checkpoint(state.to_json())

    def take(self, candle: Candle) -> None:
        """A closed bar for both; looks at the run where that is due."""
        shadow = self._shadow
        for closed in shadow.take(candle):
            self._context.emit(ShadowTrade(self._name, closed.who, closed.profit, closed.at, closed.because))
        if shadow.due():
            self._look()
            if shadow.state.spent:
                self._end()
        self._context.position = shadow.state.to_json()
        self._sample()

    def _sample(self) -> None:
        """How both stand, and how far it is to the next look."""
        shadow, told = self._shadow, dict[str, float | None]()
        for who in ("champion", "challenger"):
            side: Side = getattr(shadow.state, who)
            told |= {who: side.equity, f"{who}.sharpe": side.sharpe(shadow.champion.bar)}
            told |= {f"{who}.drawdown": side.deepest}
        told |= {"bars": shadow.state.bars, "next_look": shadow.looks_at}
        for figure, value in told.items():
            if value is not None:
                self._context.sample(f"trading.shadow.{figure}:{self._context.name}", value)

    def _look(self) -> None:
        shadow = self._shadow
        proven = self._process.proven(self._pair.champion, self._label, shadow.state.returned)
        missing = self._lacking = shadow.looked(proven)
        state = shadow.state
        self._context.emit(
            ShadowLooked(
                strategy=self._name,
                look=state.looks,
                bars=state.bars,
                champion=state.champion.equity,
                challenger=state.challenger.equity,
                trades=state.challenger.closed,
                low=state.low,
                lacking=list(missing),
                high=state.high,
                deflated=proven.deflated,
                trials=proven.trials,
            )
        )
        if not missing:
            state.proposed = self._promoted(proven)

    def _end(self) -> None:
        """Tell, once, that there is no look any more."""
        state = self._shadow.state
        if not state.ended:
            state.ended = f"{counted(state.looks, 'look')} found no promotion earned, and there is no further one"
            self._context.emit(ShadowEnded(self._name, state.ended))
            self._context.position = state.to_json()

    def _promoted(self, proven: Proven) -> str:
        """Ask for the promotion, or have it done; returns what came of it."""
        pair, state = self._pair, self._shadow.state
        began = state.first.isoformat() if state.first else ""
        effect = PromoteStrategy(
            self._name, pair.file, pair.before, pair.after, pair.parameters, f"{self._context.name} from {began}"
        )
        because = self._because(proven)
        if self._process.promote == "alone":
            return str(self._context.act(effect, because=because).standing)
        replaced = {key: value_of(pair.champion, key) for key in pair.parameters}
        evidence = {"strategy": self._name, "parameters": pair.parameters, "replaced": replaced}
        return self._context.propose(Proposal(effect, because, evidence=evidence))

    def _because(self, proven: Proven) -> dict[str, Any]:
        state = self._shadow.state
        return {
            "out-of-sample windows": proven.windows,
            "deflated Sharpe ratio": proven.deflated,
            "trials": proven.trials,
            "shadow run": self._label,
            "candles": LIVE if self._origin == LIVE else f"{self._origin}, not live: days pass in seconds",
            "bars": state.bars,
            "closed trades": state.challenger.closed,
            "return": state.challenger.equity / self._pair.challenger.capital - 1,
            "champion's return": state.champion.equity / self._pair.champion.capital - 1,
            "lower bound of the difference": state.low,
            **({"posts": posts.label} if (posts := self._sides.challenger.posts) else {}),
        }

    def _told(self) -> str:
        state = self._shadow.state
        if not state.bars:
            return f"no candle is later than {self.since.isoformat()}: it goes on when there are some"
        told = f"{counted(state.bars, 'bar')}, {counted(state.challenger.closed, 'closed trade')}, on {self._label}"
        if state.ended:
            return f"{told}; {state.ended}"
        if state.proposed:
            return f"{told}; promotion put before you"
        if self._lacking:
            return f"{told}; promotion not earned yet at look {state.looks}, which wants {'; '.join(self._lacking)}"
        return f"{told}; promotion not earned yet, looked at from {counted(self._shadow.looks_at, 'bar')} on"

    def _pace(self, due: float) -> float:
        """Wait until the next candle is due, as the champion's replay does."""
        if self._process.speed <= 0:
            return due
        now = self._context.clock.monotonic()
        due = max(due + 1 / self._process.speed, now)
        self._context.wait(due - now, NEXT_CANDLE)
        return due


def embargo_of(bars: int | None, pair: Pair) -> timedelta:
    """The time after the last bar of a walk forward that belongs to neither it nor the shadow run."""
    return (pair.longest if bars is None else bars) * pair.champion.bar
