"""What a bot at the exchange tells of the bars that it reads: for a chart what its terms say, and what is unusual."""

from collections.abc import Callable

from services.core.process.context import Context
from services.trading.anomalies.events import AnomalySeen
from services.trading.anomalies.watch import Watch
from services.trading.candles import Candle
from services.trading.events import LiveBegan
from services.trading.live.equipment import Equipment
from services.trading.live.reading import Reading
from services.trading.paper.kept_bars import KeptBars, Said, Told, said_at
from services.trading.strategy import Strategy


class Shown:
    """Nothing of it is needed to trade: where the disk takes no bars, the bot goes on without."""

    def __init__(self, context: Context, strategy: Strategy, reading: Reading, equipment: Equipment) -> None:
        self._context, self._strategy, self._reading, self._label = context, strategy, reading, equipment.label
        self._version = strategy.version(equipment.label, f"at the exchange, by {context.name}")
        self._kept = KeptBars(equipment.keep, self._version) if equipment.keep is not None else None
        self._watch = Watch(strategy.bar)
        self._warm: list[tuple[Candle, Said]] = []

    def remember(self, candle: Candle) -> None:
        """A bar of the past."""
        self._watch.update(candle, self._reading.sentiment)
        self._warm.append((candle, self._said(candle)))

    def begin(self) -> None:
        """All of the past is read: tell that it begins, with the bars by which it does."""
        strategy, past = self._strategy, self._warm
        self._warm = []

        def keep(kept: KeptBars) -> None:
            kept.begin(Told(self._label, strategy.to_json()), [candle for candle, _ in past])
            kept.say_past(said for _, said in past)

        self._keep(keep)
        self._context.emit(
            LiveBegan(
                strategy=strategy.name,
                version=self._version,
                market=strategy.market.symbol,
                timeframe=strategy.timeframe,
                label=self._label,
                last=past[-1][0].time,
                capital=strategy.capital,
                fill=strategy.fill,
                fee_rate=strategy.fee_rate,
            )
        )
        self._count()

    def take(self, candle: Candle) -> None:
        """A bar that closed, and was read."""
        said = self._said(candle)

        def keep(kept: KeptBars) -> None:
            kept.add([candle])
            kept.say([said])

        self._keep(keep)
        self._count()
        for seen in self._watch.update(candle, self._reading.sentiment):
            self._context.emit(
                AnomalySeen(
                    market=self._strategy.market.symbol,
                    timeframe=self._strategy.timeframe,
                    label=self._label,
                    session=1,
                    candle=candle.time,
                    kind=seen.kind,
                    what=seen.what,
                    up=seen.up,
                    value=seen.value,
                    limit=seen.limit,
                    price=candle.close,
                )
            )

    def _said(self, candle: Candle) -> Said:
        return said_at(self._reading.rule, candle, self._reading.sentiment)

    def _keep(self, keep: Callable[[KeptBars], None]) -> None:
        if self._kept is None:
            return
        try:
            keep(self._kept)
        except OSError as error:
            self._context.log.warning("its bars are not kept for its chart any more in this run: %s", error)
            self._kept = None

    def _count(self) -> None:
        if self._kept is not None:
            self._context.sample(f"trading.bars:{self._context.name}", self._kept.count)
