"""The shadow run as a process: it reads the champion's candles and places no order."""

from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context
from services.trading.between_bars import refuse_between_bars
from services.trading.candles import Bars
from services.trading.feed import Feed, open_feed
from services.trading.learning.effects import LONGEST
from services.trading.learning.families import family_of, market_of
from services.trading.learning.parameters import value_of, varied
from services.trading.learning.promotion import Proven
from services.trading.learning.shadow import Sides
from services.trading.learning.shadow_run import Pair, ShadowRun
from services.trading.learning.sources import Sources, asked_alike
from services.trading.scoring.history import require_history
from services.trading.social.post import Posts
from services.trading.statistics.deflated import Shape
from services.trading.statistics.moments import Moments, deflated_record
from services.trading.strategy import Strategy, load_strategy

NOTHING = Moments()


class ShadowTrader(Process):
    """Runs a challenger beside its champion, on the same candles, and asks for its promotion once that is earned.

    ``strategy`` is the champion's YAML file, ``challenger`` the parameters that are others. ``windows`` and ``shape``
    are what its walk forward showed, without a ``shape`` where that has no Sharpe ratio and the shadow run's own has to
    do; ``trials`` is the ledger by which it is deflated anew at each look. ``until`` is the open of the last candle
    that it was chosen on, and only later ones count, after the ``embargo`` of so many bars (as far as the terms look
    back where it is None). ``posts`` names what is listened to in place of the strategy's own posts; ``plugins``,
    ``approved`` and ``cache`` are as of a replay. ``promote: alone`` has the promotion done as a rule, instead of put
    before a person; it is refused here, on candles that are not live (see ``LiveShadowTrader``).
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
    embargo: int | None = None
    posts: str | None = None
    store: str | None = None
    plugins: str | None = None
    approved: dict[str, str] | None = None
    cache: str | None = None

    def run(self, context: Context) -> None:
        context.doing("reading the candles")
        try:
            pair, feed = self._configured()
            sides = self._sides(context, pair, feed)
        except UserError as mistake:  # a restart would not mend it
            raise ConfigurationFault(str(mistake)) from mistake
        ShadowRun(context, self, pair, feed.label, sides).through(feed)

    def recorded(self) -> Posts | None:
        """The posts that the home of ``store`` has recorded; where no home is known, as here, there are none."""
        return None

    def pair(self) -> Pair:
        """Champion and challenger. Raises ``UserError``."""
        path = Path(self.strategy)
        champion = load_strategy(path)
        refuse_between_bars(champion, path)
        if self.promote not in ("ask", "alone"):
            raise UserError(f"promote is {self.promote!r}", "shadow run", "Write ask or alone")
        text = path.read_bytes().decode("utf-8")
        if len(text) > LONGEST:
            raise UserError(f"its file has more than {LONGEST:,} characters", str(path), "Keep data elsewhere")
        return Pair(champion, varied(champion, self.challenger), self.challenger, path.name, text)

    def proven(self, champion: Strategy, label: str, after: Moments = NOTHING) -> Proven:
        """What the walk forward showed, and the shadow run's returns ``after`` it, deflated by all that was tried until
        now on candles such as those of ``label``. Raises ``UserError``."""
        from services.trading.learning.trials import TrialLedger  # with its database, at a look alone

        if not self.trials:
            raise UserError("there is no ledger of trials", "shadow run", "Name its file with trials")
        tried = TrialLedger(Path(self.trials)).counted(market_of(champion, label), family_of(champion))
        record = after if self.shape is None else Moments.of(self._shape()).together(after)
        return Proven(self.windows, deflated_record(record, champion.bar, tried).value, tried.count)

    def _configured(self) -> tuple[Pair, Feed]:
        pair = self.pair()
        feed = open_feed(pair.champion, Path(self.data) if self.data else None)
        for each in (pair.champion, pair.challenger):
            require_history(each, len(feed.candles), feed.label)
        if self.promote == "alone":
            what = f"promote: alone wants live candles, and these are {feed.label}"
            mend = "Write promote: ask, or data: live in the strategy: its shadow then runs on the bars as they close"
            raise UserError(what, "shadow run", mend)
        self.proven(pair.champion, feed.label)
        return pair, feed

    def _sides(self, context: Context, pair: Pair, feed: Feed) -> Sides:
        """What both decide by beside the candles; one that is asked the same as the other is not asked again."""
        sources = Sources(self.posts, self.recorded, self.plugins, self.approved, self.cache)
        one, other, bars = pair.champion, pair.challenger, Bars.of(feed.candles)
        ours = sources.side(context, one, bars, feed.posts)
        theirs = ours if asked_alike(one, other) else sources.side(context, other, bars, feed.posts)
        for note in dict.fromkeys((*ours.notes(bars), *theirs.notes(bars))):
            context.log.warning("%s", note)
        return Sides(ours, theirs)

    def _shape(self) -> Shape:
        told = self.shape or {}
        try:
            return Shape(told["sharpe"], told["skewness"], told["kurtosis"], int(told["count"]), told["deviation"])
        except KeyError as error:
            raise UserError(f"its shape lacks {error}", "shadow run", "Take it from a walk forward") from error


def found_by(champion: Strategy, walked: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a shadow run for what a walk forward's document tells; ``challenger`` is empty where it chose
    what the champion has already."""
    return {
        "challenger": {key: value for key, value in walked["challenger"].items() if value != value_of(champion, key)},
        "until": walked["last"],
        "windows": len(walked["windows"]),
        "shape": walked["out_of_sample"]["shape"],
        "embargo": walked["embargo_bars"],
    }
