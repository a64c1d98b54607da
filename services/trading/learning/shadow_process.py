"""The shadow run as a process: it reads the champion's candles and places no order."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from services.core.decisions.decision import Proposal
from services.core.errors import UserError
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context
from services.core.words import counted
from services.trading.between_bars import refuse_between_bars
from services.trading.candles import Candle
from services.trading.feed import Feed, open_feed
from services.trading.learning.effects import LONGEST, PromoteStrategy
from services.trading.learning.events import ShadowEnded, ShadowLooked, ShadowStarted, ShadowTrade
from services.trading.learning.families import family_of
from services.trading.learning.parameters import value_of, varied
from services.trading.learning.promotion import Proven
from services.trading.learning.rewriting import rewritten
from services.trading.learning.shadow import Shadow, ShadowState, Side, require_no_side_data
from services.trading.learning.values import Parameters, in_words
from services.trading.scoring.history import require_history
from services.trading.statistics.deflated import Shape
from services.trading.statistics.moments import Moments, deflated_record
from services.trading.strategy import LIVE, Strategy, load_strategy

NOTHING = Moments()
NEXT_CANDLE = "the next candle"


class ShadowTrader(Process):
    """Runs a challenger beside its champion, on the same candles, and asks for its promotion once that is earned.

    ``strategy`` is the champion's YAML file, ``challenger`` the parameters that are others. ``windows`` and ``shape``
    are what its walk forward showed, without a ``shape`` where that has no Sharpe ratio and the shadow run's own has to
    do; ``trials`` is the ledger by
    which it is deflated anew at each look. ``until`` is the open of the last candle that it was chosen on, and only
    later ones count. ``promote: alone`` has the promotion done as a rule, instead of put before a person; it is refused
    here, on candles that are not live (see ``LiveShadowTrader``).
    """

    service = "trading"
    parallel = False
    priority = 8

    strategy: str
    challenger: dict[str, Any]
    until: str
    windows: int
    shape: dict[str, float] | None = None
    trials: str | None = None
    data: str | None = None
    speed: float = 0.0
    promote: str = "ask"

    def run(self, context: Context) -> None:
        context.doing("reading the candles")
        pair, feed = self._configured()
        ShadowRun(context, self, pair, feed.label).through(feed)

    def _configured(self) -> "tuple[Pair, Feed]":
        """Raises ``ConfigurationFault`` in the words of the mistake: a restart would not mend it."""
        try:
            pair = self.pair()
            feed = open_feed(pair.champion, Path(self.data) if self.data else None)
            for each in (pair.champion, pair.challenger):
                require_history(each, len(feed.candles), feed.label)
            if self.promote == "alone":
                what = f"promote: alone wants live candles, and these are {feed.label}"
                mend = (
                    "Write promote: ask, or data: live in the strategy: its shadow then runs on the bars as they close"
                )
                raise UserError(what, "shadow run", mend)
            return pair, feed
        except UserError as mistake:
            raise ConfigurationFault(str(mistake)) from mistake

    def pair(self) -> "Pair":
        """Champion and challenger. Raises ``UserError``."""
        path = Path(self.strategy)
        champion = load_strategy(path)
        refuse_between_bars(champion, path)
        if self.promote not in ("ask", "alone"):
            raise UserError(f"promote is {self.promote!r}", "shadow run", "Write ask or alone")
        text = path.read_bytes().decode("utf-8")
        if len(text) > LONGEST:
            raise UserError(f"its file has more than {LONGEST:,} characters", str(path), "Keep data elsewhere")
        challenger = varied(champion, self.challenger)
        for each in (champion, challenger):
            require_no_side_data(each)
        self.proven(champion)
        return Pair(champion, challenger, self.challenger, path.name, text)

    def proven(self, champion: Strategy, after: Moments = NOTHING) -> Proven:
        """What the walk forward showed, and the shadow run's returns ``after`` it, deflated by all tried until now."""
        from services.trading.learning.trials import TrialLedger  # with its database, at a look alone

        if not self.trials:
            raise UserError("there is no ledger of trials", "shadow run", "Name its file with trials")
        counted_now = TrialLedger(Path(self.trials)).counted(champion.market.symbol, family_of(champion))
        record = after if self.shape is None else Moments.of(self._shape()).together(after)
        return Proven(self.windows, deflated_record(record, champion.bar, counted_now).value, counted_now.count)

    def _shape(self) -> Shape:
        told = self.shape or {}
        try:
            return Shape(told["sharpe"], told["skewness"], told["kurtosis"], int(told["count"]), told["deviation"])
        except KeyError as error:
            raise UserError(f"its shape lacks {error}", "shadow run", "Take it from a walk forward") from error


class Pair:
    """The two, and the file that a promotion would change."""

    def __init__(
        self, champion: Strategy, challenger: Strategy, parameters: Parameters, file: str, before: str
    ) -> None:
        self.champion, self.challenger, self.parameters = champion, challenger, dict(parameters)
        self.file, self.before = file, before
        self.after = rewritten(before, parameters, file)

    def version(self, process: ShadowTrader) -> str:
        """Another one of anything begins another run."""
        return self.champion.version(self.challenger.version(), process.until, f"{process.windows} {process.shape}")


class ShadowRun:
    """One run, from wherever the last one had come to: its bars are told apart by their time, so a feed may grow.

    ``label`` says what the bars are.
    """

    def __init__(self, context: Context, process: ShadowTrader, pair: Pair, label: str) -> None:
        self._context, self._process, self._pair, self._label = context, process, pair, label
        self._name = pair.champion.name
        self.since = datetime.fromisoformat(process.until)
        self._shadow: Shadow

    def through(self, feed: Feed) -> None:
        """To the end of a feed; the stored position goes on after its last candle."""
        if not self.begun():
            return
        after = self.last or self.since
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
        state = resumed or ShadowState.begun(pair.version(self._process), pair.champion, pair.challenger)
        self._shadow = Shadow(pair.champion, pair.challenger, state)
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

    def _resumed(self) -> ShadowState | None:
        state = ShadowState.of(self._context.position)
        if state is None or state.version == self._pair.version(self._process):
            return state
        self._context.emit(ShadowEnded(self._name, "the champion or the challenger is another one now"))
        return None

    def _tell_the_start(self, state: ShadowState) -> None:
        pair = self._pair
        proven = self._process.proven(pair.champion)
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
        proven = self._process.proven(self._pair.champion, shadow.state.returned)
        missing = shadow.looked(proven)
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
        }

    def _told(self) -> str:
        state = self._shadow.state
        if not state.bars:
            return f"no candle is later than {self.since.isoformat()}: it goes on when there are some"
        told = f"{counted(state.bars, 'bar')}, {counted(state.challenger.closed, 'closed trade')}"
        if state.ended:
            return f"{told}; {state.ended}"
        return f"{told}; promotion {'put before you' if state.proposed else 'not earned yet'}"

    def _pace(self, due: float) -> float:
        """Wait until the next candle is due, as the champion's replay does."""
        if self._process.speed <= 0:
            return due
        now = self._context.clock.monotonic()
        due = max(due + 1 / self._process.speed, now)
        self._context.wait(due - now, NEXT_CANDLE)
        return due
