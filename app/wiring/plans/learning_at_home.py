"""What learns, as it runs at a home: its terms hear the posts too that the home has recorded."""

from pathlib import Path

from services.trading.learning.shadow_process import ShadowTrader
from services.trading.learning.walk_process import WalkForwardRun
from services.trading.social.post import Posts


class WalkForwardAtHome(WalkForwardRun):
    """A walk forward with the record of its home."""

    def recorded(self) -> Posts | None:
        return _of(self.store)


class ShadowAtHome(ShadowTrader):
    """A shadow run with the record of its home."""

    def recorded(self) -> Posts | None:
        return _of(self.store)


def _of(store: str | None) -> Posts | None:
    from app.recorded_posts import recorded_posts  # with its database, where a term listens

    return recorded_posts(Path(store)) if store else None
