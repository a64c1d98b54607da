"""Where a process of learning finds what its strategies decide by beside the bars."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from services.core.process.context import Context
from services.trading.candles import Bars
from services.trading.language.terms import PluginTerm
from services.trading.plugins.approved import plugin_terms
from services.trading.plugins.series import Series, plugin_files
from services.trading.side_data import SideData
from services.trading.social.post import Posts
from services.trading.social.reading import read_posts
from services.trading.strategy import Strategy


@dataclass(frozen=True)
class Sources:
    """What its plan tells a process: a file of ``posts``, the home's own record, and which plug-ins may run."""

    posts: str | None
    recorded: Callable[[], Posts | None]
    plugins: str | None
    approved: dict[str, str] | None
    cache: str | None

    def side(self, context: Context, strategy: Strategy, bars: Bars, own: Posts | None) -> SideData:
        """What the strategy decides by beside the bars: the posts of the named file, else its ``own``, else what the
        home has recorded; and what its plug-ins say. Raises ``UserError`` for what there is not. Blocks."""
        side = SideData(self._posts(strategy, own), self._series(context, strategy, bars))
        side.require(strategy)
        return side

    def _posts(self, strategy: Strategy, own: Posts | None) -> Posts | None:
        if not strategy.listens:
            return None
        if self.posts:
            return read_posts(Path(self.posts))
        return own if own is not None else self.recorded()

    def _series(self, context: Context, strategy: Strategy, bars: Bars) -> Series | None:
        if not plugin_files(strategy):
            return None
        context.doing("asking plug-ins about the candles")
        terms = plugin_terms(strategy, self.plugins, self.approved, self.cache, context.clock)
        return terms.series(strategy, bars, context.checkpoint)


def asked_alike(one: Strategy, other: Strategy) -> bool:
    """Whether what one of them decides by beside the bars will do for the other."""
    return (one.listens, _asked(one)) == (other.listens, _asked(other))


def _asked(strategy: Strategy) -> dict[str, tuple[str, str, timedelta]]:
    terms = strategy.weighed.items()
    return {name: (term.file, term.function, term.patience) for name, term in terms if isinstance(term, PluginTerm)}
