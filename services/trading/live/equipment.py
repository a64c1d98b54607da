"""What a live trader is given by the program: the account's door, bars, posts, and terms of plug-ins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from services.trading.desk.door import Door
from services.trading.live_feed import Record
from services.trading.plugins.series import PluginTerms
from services.trading.venue.live_bar import LiveBar, Source
from services.trading.venue.streamed_bars import Stream


class Feed(Protocol):
    """What passes on a market's closed bars, each once and in order."""

    unfilled: str
    """Why what is missing could not be asked for, where it could not."""

    def next(self, pause: Callable[[float], None]) -> list[LiveBar]:
        """Those that closed by now, after a ``pause`` until it makes sense to ask."""
        ...

    def stale(self) -> bool: ...


def _to_nobody(bot: str, lacks: bool) -> None:
    """Where nobody is to be told."""


@dataclass(frozen=True)
class Equipment:
    """``source`` is whom to ask for bars, ``stream`` who tells them by itself, ``posts`` opens the record of posts.

    ``tell_unprotected`` tells a person of a bot that begins whether it lacks a stop.
    """

    door: Door
    source: Callable[[], Source]
    stream: Callable[[str, timedelta], Stream]
    posts: Callable[[], Record] | None = None
    plugins: PluginTerms | None = None
    tell_unprotected: Callable[[str, bool], None] = _to_nobody
    label: str = "live"
    """What a label calls its bars: ``live: EXCHANGE``."""
    keep: Path | None = None
    """The folder in which the bars that it reads are kept, for a chart."""
