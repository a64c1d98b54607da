"""What a shadow run's two decide by beside live bars, as it becomes known."""

from collections.abc import Sequence

from services.core.errors import UserError
from services.core.process.context import Context
from services.trading.candles import Bars, Candle
from services.trading.learning.shadow import Sides
from services.trading.learning.sources import asked_alike
from services.trading.live_feed import LiveMarkets
from services.trading.plugins.series import PluginTerms, Series, plugin_files
from services.trading.scoring.history import loaded_bars
from services.trading.side_data import SideData
from services.trading.social.listener import Hears, Listener
from services.trading.social.post import Posts
from services.trading.strategy import Strategy


class LiveSides:
    """Posts as this home records them, each heard by the bars that close once it was known; and plug-ins, asked at each
    bar about the bars so far. While one of those is late, both hold.

    Raises ``UserError`` for a plug-in that may not run.
    """

    def __init__(self, context: Context, markets: LiveMarkets, champion: Strategy, challenger: Strategy) -> None:
        self._context, self._markets = context, markets
        self.memory = max(map(loaded_bars, (champion, challenger)))
        """How many bars are remembered."""
        self._bars: list[Candle] = []
        self._listener: Listener | None = None
        self._listens = champion.listens or challenger.listens
        ours = _Asked(markets.plugins, champion)
        theirs = ours if asked_alike(champion, challenger) else _Asked(markets.plugins, challenger)
        self._asked = tuple(dict.fromkeys((ours, theirs)))
        self.sides = Sides(ours.side(markets.label), theirs.side(markets.label))

    def listen(self, ear: Hears) -> None:
        """From the beginning of the record on, ``ear`` is told what it has."""
        if self._listens and self._markets.posts is not None:
            self._listener = Listener(ear, self._markets.posts().next, self._context.log)

    def read(self, candles: Sequence[Candle]) -> None:
        """Bars that closed, with what was recorded until now."""
        self._bars = [*self._bars, *candles][-self.memory - 1 :]
        if self._listener is not None:
            self._listener.catch_up()

    def ask(self) -> None:
        """Have the plug-ins say what they make of the bars; blocks until they have, or for as long as they may take."""
        for each in self._asked:
            each.ask(self._bars, self._context)


class _Asked:
    """The plug-ins of one strategy, and what they said last."""

    def __init__(self, plugins: PluginTerms | None, strategy: Strategy) -> None:
        files = plugin_files(strategy)
        if files and plugins is None:
            raise UserError(f"{', '.join(files)}: nobody runs plug-ins here", strategy.name)
        self._plugins, self._strategy = plugins if files else None, strategy
        self._said: dict[str, dict[int, float]] = {}
        self._late: dict[str, str] = {}
        self._versions = tuple(map(self._plugins.approved, files)) if self._plugins else ()

    def side(self, label: str) -> SideData:
        """It goes on with what is said."""
        series = Series(self._said, self._late, self._versions) if self._plugins else None
        return SideData(Posts((), label, "") if self._strategy.listens else None, series)

    def ask(self, bars: Sequence[Candle], context: Context) -> None:
        if self._plugins is None:
            return
        told = self._plugins.series(self._strategy, Bars.of(bars), context.checkpoint)
        for name, why in told.late.items():
            if name not in self._late:
                context.log.warning("%s: both hold", why)
        self._late.clear()
        self._late.update(told.late)
        self._said.update({name: dict(values) for name, values in told.values.items()})
