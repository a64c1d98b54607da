"""A whole strategy in a life of the drill: its bars come by a stream, its file is edited and promoted meanwhile.

It sees one signal, at the bar ``SIGNAL``. The files that come later would leave the position at once, and have another
stop: whoever follows them before it is flat is found out by the oracle.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.core.process.context import Order as Told
from services.trading.candles import Candle
from services.trading.desk.asking import AskDesk, EnterPosition, LeavePosition
from services.trading.desk.desk import Desk
from services.trading.desk.door import Door
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.promoting import PromoteFiles
from services.trading.live.equipment import Equipment
from services.trading.live.trader import LiveTrader
from services.trading.venue.bar_stream import Heard
from services.trading.venue.streamed_bars import Stream
from tests.support.drill.skipping import SkippingClock
from tests.support.host import MemoryHost
from tests.support.strategies import strategy_text

BAR = timedelta(minutes=1)
SIGNAL, END = 4, 11
"""Bars from the first that is closed in the first life."""
RELOADED, PROMOTED = SIGNAL + 2, SIGNAL + 4
ASLEEP = timedelta(hours=3, minutes=20)
"""Over so many bars of a minute: two hundred are filled in."""
_GONE = {"macd": None, "entry": None, "data": None, "fee_in": None}
_MARKET = {"symbol": "BTC/USDT", "tick": 0.01, "step": 0.00001, "min_notional": 10}


def text(stop: float, leaves: float) -> str:
    """A strategy that is entered by one strong bar, at a limit, with a stop so many per cent below."""
    up = {"kind": "momentum", "weight": 1, "bars": 2, "window": 10, "scale": 1}
    limit = {"limit": {"offset": {"percent": 0.1}, "times": 1, "then": "market"}}
    sizing = {"percent": None, "fixed": 400}
    told = {"timeframe": "1m", "capital": 1000, "sizing": sizing, "terms": {"up": up}, "enter": 0.8, "exit": leaves}
    return strategy_text(**_GONE | told, market=_MARKET, execution=limit, stop={"percent": stop})


OPENED, EDITED, BETTER = text(5, -0.99), text(8, 0.5), text(9, 0.6)


class Serving(Door):
    """Serves in this thread: what is handed over is done at once."""

    def __init__(self, desk: Desk, clock: SkippingClock) -> None:
        super().__init__(clock, open=True)
        self._desk = desk

    def hand(self, work):  # type: ignore[no-untyped-def]
        future: Future[object] = super().hand(work)
        self.serve(self._desk)
        return future


@dataclass(frozen=True)
class Course:
    """What happens to the bot: ``stream`` is twice, mixed or holes; ``asleep`` before or holding."""

    stream: str = ""
    asleep: str = ""


class Bot(MemoryHost):
    """Host, source and stream of the trader at once; while it waits for bars the desk has its rounds."""

    def __init__(self, desk: Desk, clock: SkippingClock, folder: Path, course: Course, rounds: Callable[[int], None],
                 busy: Callable[[], None]) -> None:  # fmt: skip
        asking = AskDesk(door := Serving(desk, clock))
        super().__init__({EnterPosition: asking, LeavePosition: asking}, clock=clock)
        self._desk, self._door, self._skipping, self._course = desk, door, clock, course
        self._rounds, self._busy = rounds, busy
        self._file = folder / "curl.yaml"
        self.origin = self._begun(folder / "origin")
        self._last = END
        self._reload = False
        self.opened = 1

    def trade(self, until: int | None = None) -> None:
        """From where the clock stands for so many bars, or to the end of the first life."""
        if not self._file.exists():
            self._file.write_text(OPENED, encoding="utf-8")
        self._last = END if until is None else self._number() + until
        self._reload = True
        while self._reload:
            self._reload = False
            trader = LiveTrader(strategy=str(self._file), stream=True)
            trader.equip(Equipment(self._door, lambda: self, self._streaming))
            self.run(trader, "curl")

    def now(self) -> datetime:
        return self.clock.now()

    def bars(self, symbol: str, timeframe: timedelta, since: datetime) -> list[Candle]:
        first, last = self._at(since), self._number()
        return [each for n in range(first, last) if (each := self._candle(n)).time >= since]

    def wait(self, seconds: float) -> list[Heard]:
        """The rest of the bar passes; then the stream tells it, as the course has it."""
        number = self._number()
        if number >= self._last:
            self.order = Told.CANCEL
            return []
        self._happen(number)
        self._rounds(2)
        self._until(number + 1)
        return self._told(number)

    def reopen(self) -> None:
        self.opened += 1

    def close(self) -> None:
        """Nothing is held open."""

    def pause_for(self, timeout: float) -> None:
        """Whoever waits for the account or for bars lets the desk go on."""
        self._rounds(1)

    def _happen(self, number: int) -> None:
        register = self._desk.register
        if number == SIGNAL + 1:
            self._rounds(1)
            self._busy()
        if number == RELOADED:
            register.at("reloading")
            self._file.write_text(EDITED, encoding="utf-8")
            self._again()
            register.at("reloaded")
        if number == PROMOTED:
            register.at("promoting")
            effect = PromoteStrategy("curl", self._file.name, EDITED, BETTER, {}, "drill")
            PromoteFiles(self._file.parent, self._file.parent).carry_out(effect)
            self._again()
            register.at("promoted")
        if number == {"before": SIGNAL, "holding": SIGNAL + 3}.get(self._course.asleep):
            self._skipping.skip(ASLEEP.total_seconds())
            self._last = self._number() + 3
            self.reopen()

    def _again(self) -> None:
        """A changed file has the orchestrator end the trader and begin it anew."""
        self._reload = True
        self.order = Told.CANCEL

    def _told(self, number: int) -> list[Heard]:
        match self._course.stream:
            case "twice":
                numbers = [number - 1, number, number]
            case "mixed":
                numbers = [] if number % 2 else [number, number - 1, number - 2]
            case "holes":
                numbers = [] if number % 2 else [number]
            case _:
                numbers = [number]
        return [Heard(self.now(), self._candle(each), closed=True) for each in numbers]

    def _candle(self, number: int) -> Candle:
        """A market that goes nowhere, but up for one bar, to where it stands."""
        close = (50_000 if number >= SIGNAL else 49_800) + (5 if number % 2 else -5)
        at = self.origin + number * BAR
        return Candle(at, 49_900, max(49_900, close), min(49_900, close), close, 1.0)

    def _streaming(self, symbol: str, timeframe: timedelta) -> Stream:
        return self

    def _number(self) -> int:
        """Of the bar that is under way."""
        return self._at(self.now())

    def _at(self, moment: datetime) -> int:
        return (moment - self.origin) // BAR

    def _until(self, number: int) -> None:
        """Half a second into a bar."""
        left = self.origin + number * BAR - self.now()
        self._skipping.skip(max(left.total_seconds(), 0) + 0.5)

    def _begun(self, path: Path) -> datetime:
        """The minute at which the first life began: the next one lives in the same time."""
        if not path.exists():
            path.write_text(self.now().replace(second=0, microsecond=0).isoformat(), encoding="ascii")
        return datetime.fromisoformat(path.read_text(encoding="ascii")).astimezone(UTC)


def cause(folder: Path) -> str:
    """Of the only entry that there may be: its bar."""
    origin = datetime.fromisoformat((folder / "origin").read_text(encoding="ascii"))
    return (origin + SIGNAL * BAR).isoformat()
