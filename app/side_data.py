"""What a strategy decides by beside its bars, as a home has it: posts and plug-ins, found and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.core.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from app.paths import Home
    from services.trading.candles import Bars
    from services.trading.plugins.series import Series
    from services.trading.side_data import SideData
    from services.trading.social.post import Posts
    from services.trading.strategy import Strategy

BY_NAME = "Name a file with --posts FILE"
IN_ITS_FILE = "Record some, or name a file of the data folder in its posts.recorded"
"""How to mend it where no file can be named beside the strategy."""


def side_data_of(
    home: Home, strategy: Strategy, bars: Bars, data: Path | None, posts: Path | None = None, mend: str = BY_NAME
) -> SideData:
    """The posts of that file, else the strategy's own in the folder ``data``, else what this home has recorded; and
    what its plug-ins say of the bars, each run in a child. Raises ``UserError`` for what there is not. Blocks."""
    from services.trading.side_data import SideData

    return SideData(_posts(home, strategy, data, posts, mend), _series(home, strategy, bars))


def _posts(home: Home, strategy: Strategy, data: Path | None, named: Path | None, mend: str) -> Posts | None:
    from app.recorded_posts import recorded_posts
    from services.trading.feed import open_posts
    from services.trading.social.reading import read_posts

    if not strategy.listens:
        return None
    if named is not None:
        return read_posts(named)
    posts = open_posts(strategy, data) if strategy.posts.recorded else recorded_posts(home.store)
    if posts is None:
        raise UserError("its terms listen to posts, and this home has recorded none", strategy.name, mend)
    return posts


def _series(home: Home, strategy: Strategy, bars: Bars) -> Series | None:
    from services.trading.plugins.series import PluginTerms, plugin_files

    if not plugin_files(strategy):
        return None
    from app.wiring.own_files.approved import Approved
    from services.core.clock import SystemClock

    return PluginTerms(home.plugins, home.terms, Approved(home), SystemClock()).series(strategy, bars)
