"""Where a replay's candles come from, and what that is called on the screen."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from services.core.errors import UserError
from services.trading.candles import Candle, read_bars, require_tick, require_timeframe
from services.trading.generated import generate
from services.trading.social.post import Posts
from services.trading.social.reading import read_posts
from services.trading.social.times import other_time
from services.trading.strategy import GENERATED, LIVE, Strategy


@dataclass(frozen=True)
class Feed:
    """Candles with a truthful label, shown wherever their numbers are: ``recorded: FILE`` or ``generated``."""

    label: str
    candles: tuple[Candle, ...]
    because: str = ""
    """Why these candles and not recorded ones, where somebody may wonder."""
    posts: Posts | None = None
    """What is listened to beside the candles, where a term listens and the strategy names some."""

    @property
    def origin(self) -> str:
        """``recorded`` or ``generated``."""
        return self.label.partition(":")[0]

    @property
    def of_another_time(self) -> str:
        """What is told where no post could be heard at any of these candles: they are of another time."""
        return other_time(self.posts, self.candles[0].time, self.candles[-1].time) if self.posts else ""

    def after(self, index: int) -> Sequence[Candle]:
        """The candles that a run which has taken ``index`` of them has still to take."""
        return self.candles[index:]

    def before(self, index: int) -> Sequence[Candle]:
        """The candles already taken, for warming indicators."""
        return self.candles[:index]

    @cached_property
    def identity(self) -> str:
        """Changes when any candle or post does, or a label."""
        digest = hashlib.sha256(self.label.encode())
        for candle in self.candles:
            numbers = (candle.open, candle.high, candle.low, candle.close, candle.volume)
            digest.update(struct.pack("<6d", candle.time.timestamp(), *numbers))
            if candle.funding:
                digest.update(struct.pack("<d", candle.funding))
        if self.posts is not None:
            digest.update(f"{self.posts.label} {self.posts.digest}".encode())
        return digest.hexdigest()


def open_feed(strategy: Strategy, folder: Path | None) -> Feed:
    """The candles that ``strategy`` asks for: recorded ones of ``folder``, generated ones where that is absent.

    Raises ``UserError`` when the folder is there but has no such file, or the file is not usable.
    """
    if strategy.live:
        mend = "Name a file of candles (--data FILE), or write data: PATTERN"
        raise UserError("its candles are live, and this wants recorded ones", strategy.name, mend)
    path, because = _source(strategy, folder)
    posts = open_posts(strategy, folder)
    if path is None:
        return Feed(GENERATED, generate(strategy.bar, strategy.market.tick), because, posts)
    bars = read_bars(path)
    require_timeframe(bars, strategy.bar, path)
    require_tick(bars, strategy.market.tick, path)
    return Feed(_recorded(path), tuple(bars.candles()), posts=posts)


def open_posts(strategy: Strategy, folder: Path | None) -> Posts | None:
    """The posts of the strategy's own that its terms listen to; None where it names none, or no term listens.

    Raises ``UserError`` when there is no such file, or it is not usable.
    """
    pattern = strategy.posts.recorded
    if not pattern or not strategy.listens:
        return None
    if folder is None:
        raise UserError(f"posts.recorded is {pattern!r}, and no data folder is set", strategy.name, "Set trading.data")
    return read_posts(_newest(pattern, folder))


def label_of(strategy: Strategy, folder: Path | None, exchange: str = "") -> str:
    """What the candles of ``strategy`` are called, told without reading them. Raises ``UserError`` for no such file.

    ``exchange`` is whose bars live ones are.
    """
    if strategy.live:
        return live_label(exchange) if exchange else "live, but no exchange is set"
    path, _ = _source(strategy, folder)
    return GENERATED if path is None else _recorded(path)


def live_label(exchange: str) -> str:
    """``live: EXCHANGE``."""
    return f"{LIVE}: {exchange}"


def _source(strategy: Strategy, folder: Path | None) -> tuple[Path | None, str]:
    """The file of recorded candles; or None, and why they are generated."""
    if strategy.data == GENERATED:
        return None, "the strategy asks for it"
    if folder is None:
        return None, "no data folder is set"
    if not folder.is_dir():
        return None, f"there is no data folder {folder}"
    return _newest(strategy.data, folder), ""


def _recorded(path: Path) -> str:
    return f"recorded: {path.name}"


def _newest(pattern: str, folder: Path) -> Path:
    """The last of the matching files by name, which carries the date."""
    try:
        found = sorted(path for path in folder.glob(pattern) if path.is_file())
    except (ValueError, NotImplementedError) as error:
        raise UserError(f"data: {pattern!r}: {error}", str(folder), "Write a pattern such as ETH-BTC_5m_*") from error
    if not found:
        raise UserError(
            f"no file matches {pattern!r}", str(folder), "Put one there, or write data: generated, or data: live"
        )
    return found[-1]
