"""The bars that a session on live bars has read, and what its terms said: kept for who draws them, since neither the
exchange tells them again in the same way, nor a plug-in or a feed of posts what it said then."""

import math
from collections.abc import Iterable
from pathlib import Path

import msgspec

from services.core.errors import UserError
from services.core.whole_files import write_whole
from services.trading.candles import Bars, Candle, read_bars
from services.trading.candles.moments import microseconds_of
from services.trading.scoring.scorer import Scorer

MOST = 100_000
"""Bars of a session; of more, the newest half is kept at its next start."""
SESSIONS = 20
"""Of which the bars are kept, the newest."""
_HEAD = "timestamp,open,high,low,close,volume\n"


class Told(msgspec.Struct):
    """Whose bars they are: their label, and the strategy that trades on them, as JSON."""

    label: str
    strategy: str


class Said(msgspec.Struct, array_like=True):
    """What the terms said at a bar, None where they had no data."""

    time: int
    """The bar's open, in microseconds."""
    score: float | None
    sentiment: float | None
    values: list[float | None]
    """In the order of the strategy's terms."""


def said_at(rule: Scorer, candle: Candle, sentiment: float) -> Said:
    """What the terms say at the bar that was read last."""
    values = [_number(each) for each in rule.values]
    score = rule.score if any(each is not None for each in values) else None
    return Said(microseconds_of(candle.time), score, _number(sentiment), values)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


class KeptBars:
    """The file of one session, by its version. It is no more than a copy: where it is damaged it is begun anew."""

    def __init__(self, folder: Path, version: str) -> None:
        self._bars, self._told = folder / f"{version}.csv", folder / f"{version}.json"
        self._said = folder / f"{version}.said"
        self._last: int | None = None
        self.count = 0

    def begin(self, told: Told, candles: Iterable[Candle]) -> None:
        """Go on with what is there, where these candles go on from it; else begin with them."""
        self._bars.parent.mkdir(0o700, parents=True, exist_ok=True)
        earlier, candles = self._earlier(), list(candles)
        if not earlier or not candles or microseconds_of(candles[0].time) > earlier[-1][0]:
            earlier = []
        kept = [text for _, text in earlier][-MOST // 2 :] if len(earlier) > MOST else [text for _, text in earlier]
        write_whole(self._bars, (_HEAD + "".join(kept)).encode(), sync=False)
        write_whole(self._told, msgspec.json.encode(told), sync=False)
        known = self.said()
        write_whole(self._said, b"", sync=False)
        self.say(known[time] for time, _ in earlier if time in known)
        self._last, self.count = (earlier[-1][0] if earlier else None), len(kept)
        self.add(candles)
        _forget_old(self._bars.parent)

    def add(self, candles: Iterable[Candle]) -> None:
        """Those that are later than what is there."""
        fresh = [each for each in candles if self._last is None or microseconds_of(each.time) > self._last]
        if fresh:
            with self._bars.open("a", encoding="ascii") as file:
                file.writelines(_line(each) for each in fresh)
            self._last = microseconds_of(fresh[-1].time)
            self.count += len(fresh)

    def say(self, said: Iterable[Said]) -> None:
        """Of a bar that is told again the later word counts."""
        with self._said.open("ab") as file:
            file.writelines(msgspec.json.encode(each) + b"\n" for each in said)

    def say_past(self, said: Iterable[Said]) -> None:
        """Of bars that were read to become warm: what was said at one of them before, by more bars, stays."""
        known = self.said()
        self.say(each for each in said if each.time not in known)

    def said(self) -> dict[int, Said]:
        """By the bar's open; a line that makes no sense is left out, as one that was cut off by a power failure."""
        found: dict[int, Said] = {}
        for line in self._said.read_bytes().splitlines() if self._said.exists() else ():
            try:
                each = msgspec.json.decode(line, type=Said)
            except msgspec.MsgspecError:
                continue
            found[each.time] = each
        return found

    def read(self) -> tuple[Told, Bars]:
        """Raises ``UserError`` where nothing is kept, or what is kept cannot be read."""
        try:
            told = msgspec.json.decode(self._told.read_bytes(), type=Told)
        except (OSError, msgspec.MsgspecError) as error:
            mend = "They are shown once the session has read some"
            raise UserError("no live bars of this session are kept yet", str(self._told), mend) from error
        return told, read_bars(self._bars)

    def _earlier(self) -> list[tuple[int, str]]:
        """What is there, as time and line; nothing where it makes no sense."""
        try:
            _, bars = self.read()
        except UserError:
            return []
        return [(time, _line(candle)) for time, candle in zip(bars.times, bars.candles(), strict=True)]


def _line(candle: Candle) -> str:
    numbers = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    return f"{candle.time.isoformat()},{','.join(map(repr, numbers))}\n"


def _forget_old(folder: Path) -> None:
    newest_first = sorted(folder.glob("*.csv"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[SESSIONS:]:
        path.unlink(missing_ok=True)
        for other in (".json", ".said"):
            path.with_suffix(other).unlink(missing_ok=True)
