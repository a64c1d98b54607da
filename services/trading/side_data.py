"""What a strategy decides by beside its bars: what people say, and what plug-ins say."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.core.errors import UserError
from services.trading.candles import Bars
from services.trading.candles.moments import MICROSECOND, moment
from services.trading.plugins.series import Series, require_series
from services.trading.social.post import Posts
from services.trading.social.times import other_time
from services.trading.strategy import Strategy


@dataclass(frozen=True)
class SideData:
    """Recorded, and read before anything runs; None where there is none."""

    posts: Posts | None = None
    series: Series | None = None
    """What the terms of plug-ins say of the bars."""

    def require(self, strategy: Strategy) -> None:
        """Raise ``UserError`` where a term of the strategy has nothing here, not even an empty stream."""
        require_series(strategy, self.series)
        if strategy.listens and self.posts is None:
            mend = "Name a file of them in its posts.recorded, or where it is run with --posts FILE"
            raise UserError("its terms listen to posts, and there are none here", strategy.name, mend)

    def told(self, bars: Bars) -> dict[str, object]:
        """For a document: where the posts come from, and what somebody must know beside the numbers."""
        return {"posts": self.posts.label if self.posts else None, "notes": list(self.notes(bars))}

    def notes(self, bars: Bars) -> Iterator[str]:
        """What somebody must know beside the numbers of these bars: a plug-in was late, the posts are of another
        time."""
        yield from self.series.notes if self.series else ()
        first, last = moment(bars.times[0]), moment(bars.times[-1])
        if self.posts and (other := other_time(self.posts, first, last)):
            yield other

    def digest(self, bars: Bars) -> str:
        """Of the bars and of all that is known beside them; other posts, or another version of a plug-in, are other
        data."""
        posts = [self.posts.digest] if self.posts else []
        beside = [*posts, *(self.series.versions if self.series else ())]
        return hashlib.sha256("\n".join([bars.digest, *beside]).encode()).hexdigest() if beside else bars.digest

    def reaching(self, strategy: Strategy, longest: int, opened: int) -> "SideData":
        """Without the posts that no bar hears any more which opens at ``opened`` or later: ``longest`` is the longest
        window of its terms. What is heard at those bars is the same."""
        if self.posts is None:
            return self
        heard = longest * (strategy.bar // MICROSECOND) + strategy.posts.dead_after_span // MICROSECOND
        first = bisect_right(self.posts.rows, opened - heard, key=lambda row: row.known_at)
        return replace(self, posts=replace(self.posts, rows=self.posts.rows[first:]))


NONE = SideData()
