"""A market's ear: takes a stream in the order in which it was known, and tells each bar what was heard by its close."""

import re
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from services.trading.candles import Candle
from services.trading.candles.moments import MICROSECOND, microseconds_of
from services.trading.language.social import Listening
from services.trading.social.post import Post, Row
from services.trading.social.scoring import steps_of
from services.trading.social.voices import DEAF, Heard, Said, Voices
from services.trading.strategy import Strategy

_CHANGED_BY_COPIES = re.compile(r"https?://\S+|[@#$]\w+|[^\w\s]")
"""Links, mentions, tags, punctuation."""


class Hearing:
    """What is heard about one market, over windows of so many bars each, up to each bar's close.

    ``rows`` are a recorded stream's; live, ``hear`` takes them as they come. A feed is alive while its latest sign, a
    post about anything or a beat, is no older than ``dead_after``: silence is a reading, a dead feed gives none.
    ``score`` gives a text's compound score in ``STEPS``.
    """

    def __init__(
        self,
        listening: Listening,
        base: str,
        bar: timedelta,
        windows: Iterable[int],
        rows: Iterable[Row] = (),
        score: Callable[[str], int] = steps_of,
    ) -> None:
        self._about = about(listening.words(base))
        self._sources = frozenset(listening.sources)
        self._bar = bar // MICROSECOND
        self._dead_after = listening.dead_after_span // MICROSECOND
        self._voices = {window: Voices(window * self._bar) for window in windows}
        self._longest = max(self._voices, default=0) * self._bar
        self._coming: deque[Row] = deque(rows)
        self._sign: int | None = None
        self._score = score
        self.posts = 0
        """Posts about the market that were heard at some bar so far, each edit as one: those of long before the bars
        are known, and nobody hears them."""

    def hear(self, row: Row) -> None:
        """The next row of the stream; it counts from the first bar that closes when it was known, or after."""
        self._coming.append(row)

    def at_bar(self, opened: int) -> Mapping[int, Heard]:
        """By window, at the close of the bar that opened then (microseconds); bars are asked in order."""
        close = opened + self._bar
        while self._coming and self._coming[0].known_at <= close:
            self._take(self._coming.popleft(), close)
        if self._sign is None or close - self._sign > self._dead_after:
            return dict.fromkeys(self._voices, DEAF)
        return {window: voices.at(close) for window, voices in self._voices.items()}

    def _take(self, row: Row, close: int) -> None:
        if self._sources and row.source not in self._sources:
            return
        self._sign = row.known_at
        if not isinstance(row, Post):
            return
        key = row.source, row.id
        for voices in self._voices.values():
            voices.drop(key)
        if row.deleted or not self._about(row.text):
            return
        self.posts += row.known_at > close - self._longest
        said = Said(row.known_at, key, (row.source, row.author), copy_of(row.text), self._score(row.text))
        for voices in self._voices.values():
            voices.take(said)


def hearing_of(
    strategy: Strategy, windows: Iterable[int], rows: Iterable[Row] = (), score: Callable[[str], int] = steps_of
) -> Hearing:
    """What a strategy hears of its market."""
    return Hearing(strategy.posts, strategy.market.base, strategy.bar, windows, rows, score)


def heard_by(hearing: Hearing | None, candle: Candle) -> Mapping[int, Heard] | None:
    """What was heard by a bar's close, as the scorer takes it; None where nobody listens."""
    return None if hearing is None else hearing.at_bar(microseconds_of(candle.time))


def series(hearing: Hearing, opens: Sequence[int]) -> dict[int, "tuple[array[float], array[float]]"]:
    """By window, the means and the voices of each of these bars: a term's two numbers, as a loop over bars has them."""
    heard = [hearing.at_bar(opened) for opened in opens]
    windows = heard[0] if heard else {}
    return {
        window: (array("d", (at[window].mean for at in heard)), array("d", (at[window].voices for at in heard)))
        for window in windows
    }


def about(words: Sequence[str]) -> Callable[[str], bool]:
    """Whether one of the words stands in a text by itself, in capitals or not: BTC in ``$btc!``, not in ``btcx``."""
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    return lambda text: found.search(text) is not None


def copy_of(text: str) -> str:
    """What copies of a text have in common: its words; where it has none, all of it."""
    return " ".join(_CHANGED_BY_COPIES.sub(" ", text.lower()).split()) or text
